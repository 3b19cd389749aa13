package dev.microgpt.model;

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
     * Returns whether the decoder accepts any number of positions, because a position depends on a bounded number of
     * earlier ones or on a state of bounded size. (The position encoding of the model must be endless as well.)
     *
     * @return false unless overridden: the decoder accepts {@code maxPositions}
     */
    default boolean isEndless() {
        return false;
    }
}
