package dev.microgpt.train;

/** Thrown when a loss, a gradient, a parameter or an optimizer moment becomes NaN or infinite. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TrainingDivergedException(String message) {
        super(message);
    }

    /** The next update would have destroyed the model. */
    static TrainingDivergedException beforeUpdate(int step, String broken) {
        return new TrainingDivergedException("training diverged in step " + step + ": " + broken
                + "; the parameters are those of the previous step");
    }

    /**
     * Creates the exception of an {@link Optimizer} whose last update has destroyed the model.
     *
     * @param step   the number of the update, from 1
     * @param broken what is NaN or infinite, such as {@code parameter wte is NaN at [0, 3]}
     * @return the exception, whose message names the step and says to resume from a checkpoint before it
     */
    public static TrainingDivergedException inUpdate(int step, String broken) {
        return new TrainingDivergedException("training diverged in step " + step + ": " + broken
                + "; the parameters can no longer be used, resume from a checkpoint before this step");
    }

    /** The model cannot be evaluated. */
    static TrainingDivergedException inEvaluation(int step, String broken) {
        return new TrainingDivergedException("evaluation" + (step == 0 ? "" : " after step " + step) + ": " + broken);
    }
}
