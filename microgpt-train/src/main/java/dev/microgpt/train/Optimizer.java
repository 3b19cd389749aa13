package dev.microgpt.train;

/** Changes parameters by their gradients. */
public interface Optimizer {
    /**
     * Makes one update with the gradients as they are, which it leaves alone.
     *
     * <p>An implementation should throw if a number of its own or of a parameter is NaN or infinite after the update. What
     * it does not find is found in the loss or the gradients of the next step, or when a checkpoint is saved.
     *
     * @param learningRate the rate of this update, at least 0; at 0 no parameter changes
     */
    void step(double learningRate);
}
