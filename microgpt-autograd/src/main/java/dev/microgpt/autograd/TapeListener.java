package dev.microgpt.autograd;

/**
 * Is notified of every operation on a tape right after it has run: to check its values, to profile it, or to draw the
 * graph.
 *
 * <p>Operations that an operation applies itself are reported before it. Methods are called by the thread that uses the
 * tape; an exception propagates to the caller of {@link Tape#apply} or {@link Tape#backward}, as if the operation had
 * thrown it.
 */
public interface TapeListener {
    /**
     * Called when an operation has computed its output, on training and inference tapes alike.
     *
     * @param op the operation
     * @param y  its output
     */
    default void onForward(Op op, Tensor y) {}

    /**
     * Called when an operation has added its contribution to the gradients of its inputs.
     *
     * @param op the operation
     * @param y  its output, whose gradient is complete
     */
    default void onBackward(Op op, Tensor y) {}

    /** Called when the tape has discarded its recording. */
    default void onReset() {}
}
