package dev.microgpt.autograd;

/**
 * Hears of every operation on a tape right after it ran: to check its numbers, to measure it, or to draw the graph.
 *
 * <p>What an operation applies itself comes before it. Called by the thread that uses the tape; an exception goes to who
 * applied the operation, as if the operation had thrown it.
 */
public interface TapeListener {
    /**
     * Called when an operation has computed its output, also on an inference tape.
     *
     * @param op what was applied
     * @param y  its output
     */
    default void onForward(Op op, Tensor y) {}

    /**
     * Called when an operation has added its part to the gradients of its inputs.
     *
     * @param op what ran backward
     * @param y  its output, whose gradient is complete
     */
    default void onBackward(Op op, Tensor y) {}

    /** Called when the tape forgets its recording. */
    default void onReset() {}
}
