package dev.microgpt.train;

import java.util.List;

/** Hears of what happens in a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Called after each update.
     *
     * @param step what the step did
     */
    void onStep(TrainingStep step);

    /**
     * Called after each evaluation.
     *
     * @param evaluation its result
     */
    default void onEvaluation(Evaluation evaluation) {}

    /**
     * Called after texts were generated to show what the model has learnt.
     *
     * @param step  after how many steps
     * @param texts the texts
     */
    default void onSamples(int step, List<String> texts) {}
}
