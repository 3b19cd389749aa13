package dev.microgpt.autograd.op;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Kernels;

/**
 * The random mask of dropout for a batch of sequences: each element has the factor 0 or {@code 1 / (1 − rate)}.
 *
 * <p>The factor depends only on the random stream of the element's sequence and on its position there, not on threads
 * or on the rest of the batch. It is recomputed wherever it is needed and takes no memory. Immutable as long as the
 * caller does not modify the array of streams.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent
 *     Neural Networks from Overfitting, 2014</a>
 */
public final class DropoutMask {
    /** The random numbers below this, of 53 bits, drop their element. */
    private final long dropped;

    /** The factor of the elements that are kept, {@code 1 / (1 − rate)}. */
    private final double kept;

    private final CounterRandom[] streams;

    /**
     * Creates a mask.
     *
     * @param rate    probability of dropping an element, at least 0 and below 1
     * @param streams one random stream for each sequence of the batch; not copied
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
        this.dropped = (long) Math.ceil(rate * 0x1p53);
        this.kept = 1.0 / (1.0 - rate);
        this.streams = streams;
    }

    /** {@return the number of sequences, each of which has a stream} */
    int sequences() {
        return streams.length;
    }

    /**
     * Writes {@code y[i] = factor(index + i) · x[i]}, or adds it to {@code y[i]}, for elements of a sequence; {@code y}
     * may be {@code x}.
     */
    void apply(
            Kernels kernels,
            int sequence,
            long index,
            double[] x,
            int xOffset,
            double[] y,
            int yOffset,
            int n,
            boolean accumulate) {
        kernels.dropout(streams[sequence].key(), index, dropped, kept, x, xOffset, y, yOffset, n, accumulate);
    }
}
