package dev.microgpt.train;

/** A number that a model learns or learns by is not finite, so that no step can follow. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TrainingDivergedException(String message) {
        super(message);
    }

    /** The next update would destroy the model. */
    static TrainingDivergedException beforeUpdate(int step, String broken) {
        return new TrainingDivergedException(
                "training diverged in step " + step + ": " + broken + "; the parameters are those of the step before");
    }

    /** The last update has destroyed the model. */
    static TrainingDivergedException inUpdate(int step, String broken) {
        return new TrainingDivergedException("training diverged in step " + step + ": " + broken
                + "; the parameters are of no use any more, a checkpoint before this step is");
    }

    /** The model cannot be measured. */
    static TrainingDivergedException inEvaluation(int step, String broken) {
        return new TrainingDivergedException("evaluation" + (step == 0 ? "" : " after step " + step) + ": " + broken);
    }
}
