package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * A layer in which a position may depend on the earlier positions of its sequence, such as attention: never on later
 * ones, and never on other sequences of the batch.
 */
@FunctionalInterface
public interface SequenceLayer extends Layer {
    /**
     * Returns a layer that remembers what it has seen of one sequence, so that a new position costs one row.
     *
     * <p>Each call of its {@code forward} has the next positions of the sequence, and its result is, bit for bit, the
     * one of these positions in a call of this layer with the whole sequence. Whenever the
     * {@linkplain Batch#firstPosition() first position} is 0, a new sequence begins. It records on inference tapes
     * only, and belongs to one thread at a time.
     *
     * @param maxPositions the length of the longest sequence
     * @return a layer with an empty memory; unless overridden, one that remembers its input and computes all positions
     *     again, which is right for any layer but slower with each position
     */
    default Layer decoder(int maxPositions) {
        return new RepeatedLayer(this, maxPositions);
    }

    /**
     * Continues several sequences by one position each, with the bits that each has alone.
     *
     * @param tape     an inference tape
     * @param x        input, shape {@code (N, C)}, a row for each sequence
     * @param batch    all rows, each a sequence of its own
     * @param each     the row of each sequence alone, which knows its position
     * @param memories what {@link #decoder} returned for each sequence
     * @return the output, a row for each sequence; unless overridden, the memories compute one after another
     */
    default Tensor together(Tape tape, Tensor x, Batch batch, List<Batch> each, List<Layer> memories) {
        Tensor[] rows = new Tensor[memories.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = memories.get(i).forward(tape, tape.sliceRows(x, i, i + 1), each.get(i));
        }
        return tape.concatenateRows(rows);
    }

    /**
     * Returns whether the decoder accepts any number of positions, because a position depends on a bounded number of
     * earlier ones or on a state of bounded size. (The position encoding of the model must be endless as well.)
     *
     * @return false unless overridden: the decoder accepts {@code maxPositions}
     */
    default boolean isEndless() {
        return false;
    }
}
