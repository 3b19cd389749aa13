package dev.microgpt.model;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.DropoutMask;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a model where dropout is applied in training, with its own random stream for every sequence, so that the
 * dropped elements do not depend on how a step is split into batches.
 *
 * <p>Immutable.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent
 *     Neural Networks from Overfitting, 2014</a>
 */
public final class DropoutSite {
    private final double rate;
    private final long site; // 0 after the embedding; in layer l, 1 + 3·l, 2 + 3·l and 3 + 3·l; negative for names

    private DropoutSite(double rate, long site) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: the rate is " + rate + ", but must be at least 0 and below 1");
        }
        this.rate = rate;
        this.site = site;
    }

    /** Returns the place after the embedding. */
    static DropoutSite ofEmbedding(double rate) {
        return new DropoutSite(rate, 0);
    }

    /**
     * Returns the place of the attention probabilities of a layer.
     *
     * @param rate  the probability that an element is dropped, at least 0 and below 1
     * @param layer the index of the layer, from 0
     * @return the place
     */
    public static DropoutSite ofProbabilities(double rate, int layer) {
        return new DropoutSite(rate, 1 + 3L * layer);
    }

    /** Returns the place of the output of the attention of a layer. */
    static DropoutSite ofAttention(double rate, int layer) {
        return new DropoutSite(rate, 2 + 3L * layer);
    }

    /** Returns the place of the output of the MLP of a layer. */
    static DropoutSite ofMlp(double rate, int layer) {
        return new DropoutSite(rate, 3 + 3L * layer);
    }

    /**
     * Returns a place of your own.
     *
     * @param rate the probability that an element is dropped, at least 0 and below 1
     * @param name a name that no other place in the model has, such as {@code layer0.gate}
     * @return the place
     */
    public static DropoutSite named(double rate, String name) {
        long hash = 1125899906842597L;
        for (int i = 0;
                i < Objects.requireNonNull(name, "dropout: name is null").length();
                i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return new DropoutSite(rate, hash | Long.MIN_VALUE);
    }

    /**
     * Drops elements, and scales the others up by {@code 1 / (1 − rate)}.
     *
     * @param tape  records the operation
     * @param x     input, shape {@code (T, C)}
     * @param batch the sequences packed in {@code x}; without {@linkplain Batch#withRandom random numbers}, as in
     *     evaluation and generation, nothing is dropped
     * @return shape {@code (T, C)}; {@code x} itself if nothing is dropped
     */
    public Tensor apply(Tape tape, Tensor x, Batch batch) {
        DropoutMask mask = mask(batch);
        return mask == null ? x : tape.dropout(x, batch.sequences(), mask);
    }

    /**
     * Returns which elements are dropped, for an operation that drops them itself.
     *
     * @param batch the sequences, with or without random numbers
     * @return the mask, or null if nothing is dropped
     */
    @Nullable
    public DropoutMask mask(Batch batch) {
        if (rate == 0 || !batch.isRandom()) {
            return null;
        }
        Sequences sequences = batch.sequences();
        CounterRandom[] streams = new CounterRandom[sequences.count()];
        for (int s = 0; s < streams.length; s++) {
            streams[s] = batch.random(s).child(site);
        }
        return new DropoutMask(rate, streams);
    }
}
