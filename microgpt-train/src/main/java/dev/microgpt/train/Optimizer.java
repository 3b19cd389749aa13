package dev.microgpt.train;

/** Changes parameters by their gradients. */
public interface Optimizer {
    /**
     * Makes one update with the gradients as they are, which it leaves alone.
     *
     * @param learningRate the rate of this update, at least 0; at 0 no parameter changes
     */
    void step(double learningRate);
}
