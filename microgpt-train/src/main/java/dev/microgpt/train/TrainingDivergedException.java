package dev.microgpt.train;

/** The loss or a gradient is not finite, so that the next update would destroy the model. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(int step, String broken) {
        super("training diverged in step " + step + ": " + broken
                + "; the parameters are those of the step before, try a lower --learning-rate");
    }
}
