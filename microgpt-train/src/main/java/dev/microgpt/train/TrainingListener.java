package dev.microgpt.train;

/** Hears of every step of a training. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Called after each update, on the thread that trains.
     *
     * @param step what the step did
     */
    void onStep(TrainingStep step);
}
