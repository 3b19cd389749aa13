package dev.microgpt.train;

/** Updates parameters by their gradients. */
public interface Optimizer {
    /**
     * Updates the parameters once by their current gradients, which it does not modify.
     *
     * <p>An implementation should throw if a parameter or a number of its own state is NaN or infinite after the
     * update. What it misses shows in the loss or the gradients of the next step, or when a checkpoint is saved.
     *
     * <p>A {@link Trainer} keeps other threads from saving, evaluating or training the model meanwhile. An
     * implementation that is also called without one should mark its update with
     * {@link dev.microgpt.autograd.ParameterUpdates}.
     *
     * @param learningRate the learning rate of this update, at least 0; at 0 no parameter changes
     */
    void step(double learningRate);
}
