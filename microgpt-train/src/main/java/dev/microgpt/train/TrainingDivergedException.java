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

    /** The last update has destroyed the model. */
    static TrainingDivergedException inUpdate(int step, String broken) {
        return new TrainingDivergedException("training diverged in step " + step + ": " + broken
                + "; the parameters can no longer be used, resume from a checkpoint before this step");
    }

    /** The model cannot be evaluated. */
    static TrainingDivergedException inEvaluation(int step, String broken) {
        return new TrainingDivergedException("evaluation" + (step == 0 ? "" : " after step " + step) + ": " + broken);
    }
}
