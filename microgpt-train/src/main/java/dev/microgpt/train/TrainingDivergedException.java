package dev.microgpt.train;

/** The loss is no longer a number, so that the next update would destroy the model. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(int step, double loss) {
        super("training diverged: the loss of step " + step + " is " + loss
                + "; the parameters are those of the step before, try a lower --learning-rate");
    }
}
