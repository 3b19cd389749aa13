package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;

/**
 * Ends a training run once several evaluations in a row have brought no lower validation loss (early stopping).
 *
 * <pre>{@code
 * Patience patience = new Patience(3);
 * evaluator.addListener(patience);
 * while (trainer.step() < training.steps() && !patience.isOver()) {
 *     trainer.run(trainer.step() + 100);
 *     evaluator.evaluate(trainer.step(), 20, training.seed());
 * }
 * }</pre>
 *
 * <p>A lower loss is one that {@link Evaluation#best} marks. To end after the same step when it is resumed, a run keeps
 * {@link #stalled} next to the best loss, see {@link dev.microgpt.train.checkpoint.Checkpoint}. Confined to one thread
 * at a time.
 */
public final class Patience implements TrainingListener {
    private final int evaluations;
    private int stalled;

    /**
     * Creates the patience of a run that has not been evaluated.
     *
     * @param evaluations the number of evaluations in a row without a lower loss that end the run, at least 1
     * @throws IllegalArgumentException if {@code evaluations} is below 1
     */
    public Patience(int evaluations) {
        Checks.atLeastOne("patience", evaluations);
        this.evaluations = evaluations;
    }

    /** Does nothing: only evaluations count. */
    @Override
    public void onStep(TrainingStep step) {}

    @Override
    public void onEvaluation(Evaluation evaluation) {
        stalled = evaluation.best() ? 0 : stalled + 1;
    }

    /** {@return whether the run is to end} */
    public boolean isOver() {
        return stalled >= evaluations;
    }

    /** {@return the number of evaluations in a row, up to the last one, without a lower loss} */
    public int stalled() {
        return stalled;
    }

    /**
     * Resumes a run.
     *
     * @param stalled the number of evaluations in a row without a lower loss, at least 0
     * @throws IllegalArgumentException if the number is negative
     */
    public void resumeAt(int stalled) {
        if (stalled < 0) {
            throw new IllegalArgumentException("patience: the number of evaluations without a lower loss is " + stalled
                    + ", but must be at least 0");
        }
        this.stalled = stalled;
    }
}
