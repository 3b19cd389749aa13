package dev.microgpt.model;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.DropoutMask;
import org.jspecify.annotations.Nullable;

/**
 * A place in a model where dropout is applied in training, with its own random stream for every sequence.
 *
 * @param rate the probability that an element is dropped, 0 for none
 * @param site 0 after the embedding; in layer l, {@code 1 + 3·l} for the attention probabilities, {@code 2 + 3·l} and
 *     {@code 3 + 3·l} for the outputs of attention and MLP
 */
record DropoutSite(double rate, int site) {
    static DropoutSite ofEmbedding(double rate) {
        return new DropoutSite(rate, 0);
    }

    static DropoutSite ofProbabilities(double rate, int layer) {
        return new DropoutSite(rate, 1 + 3 * layer);
    }

    static DropoutSite ofAttention(double rate, int layer) {
        return new DropoutSite(rate, 2 + 3 * layer);
    }

    static DropoutSite ofMlp(double rate, int layer) {
        return new DropoutSite(rate, 3 + 3 * layer);
    }

    Tensor apply(Tape tape, Tensor x, Batch batch) {
        DropoutMask mask = mask(batch);
        return mask == null ? x : tape.dropout(x, batch.sequences(), mask);
    }

    /** Returns the dropout mask of a batch, or null if nothing is dropped. */
    @Nullable
    DropoutMask mask(Batch batch) {
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
