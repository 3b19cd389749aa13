package dev.microgpt.train;

/** Is notified of the progress of a training run, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Called by {@link Trainer} after each update.
     *
     * @param step the loss, the learning rate and further figures of the step
     */
    void onStep(TrainingStep step);

    /**
     * Called by {@link Evaluator} after each evaluation; does nothing by default.
     *
     * @param evaluation the result
     */
    default void onEvaluation(Evaluation evaluation) {}
}
