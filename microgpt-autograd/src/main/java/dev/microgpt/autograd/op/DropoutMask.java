package dev.microgpt.autograd.op;

import dev.microgpt.autograd.CounterRandom;

/**
 * Which elements of the sequences of a batch are dropped: for each, a factor of 0 or {@code 1 / (1 − rate)}.
 *
 * <p>The factor of an element depends on the stream of its sequence and on its place there, and on nothing else: not on
 * threads, nor on what else is in the batch. It is computed again wherever it is needed and takes no memory. Immutable if
 * the array is left alone.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent Neural
 *     Networks from Overfitting, 2014</a>
 */
public final class DropoutMask {
    private final double rate;
    private final double kept;
    private final CounterRandom[] streams;

    /**
     * Creates a mask.
     *
     * @param rate    the probability that an element is dropped, from 0 to below 1
     * @param streams one for each sequence of the batch; not copied
     * @throws IllegalArgumentException if the rate is out of range
     */
    public DropoutMask(double rate, CounterRandom... streams) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: the rate is " + rate + ", but must be at least 0 and below 1");
        }
        for (int s = 0; s < streams.length; s++) {
            if (streams[s] == null) {
                throw new NullPointerException("dropout: streams[" + s + "] is null");
            }
        }
        this.rate = rate;
        this.kept = 1.0 / (1.0 - rate);
        this.streams = streams;
    }

    /** {@return the number of sequences that this mask is for} */
    int sequences() {
        return streams.length;
    }

    /** Writes {@code y[i] = factor · x[i]} for the elements {@code index …} of a sequence; in place is allowed. */
    void apply(int sequence, long index, double[] x, int xOffset, double[] y, int yOffset, int n) {
        CounterRandom stream = streams[sequence];
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = factor(stream, index + i) * x[xOffset + i];
        }
    }

    /** Adds {@code factor · x[i]} to {@code y[i]}. */
    void add(int sequence, long index, double[] x, int xOffset, double[] y, int yOffset, int n) {
        CounterRandom stream = streams[sequence];
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += factor(stream, index + i) * x[xOffset + i];
        }
    }

    private double factor(CounterRandom stream, long index) {
        return stream.uniform(index) < rate ? 0.0 : kept;
    }
}
