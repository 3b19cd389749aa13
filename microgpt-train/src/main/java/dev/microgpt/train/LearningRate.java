package dev.microgpt.train;

/** A schedule: the learning rate of each step. */
@FunctionalInterface
public interface LearningRate {
    /**
     * Returns the rate of a step.
     *
     * @param step the number of the step, from 0
     * @return the rate, at least 0
     */
    double at(int step);

    /**
     * Falls along a line from a first rate to 0 after the last step, and stays there: {@code first · (1 − step / steps)}.
     *
     * @param first the rate of step 0, positive (0.01 in microgpt)
     * @param steps the number of steps of the whole run, at least 1
     * @return the schedule
     */
    static LearningRate linearDecay(double first, int steps) {
        TrainingConfig.positive("learning-rate", first);
        TrainingConfig.atLeastOne("steps", steps);
        return new LearningRate() {
            @Override
            public double at(int step) {
                return step < steps ? first * (1 - (double) step / steps) : 0.0;
            }
        };
    }
}
