package dev.microgpt.train;

/** The learning rate of each step; {@link Schedule} has those of microgpt and nanoGPT. */
@FunctionalInterface
public interface LearningRate {
    /**
     * Returns the learning rate of a step.
     *
     * @param step the number of the step, from 0
     * @return the rate, at least 0
     */
    double at(int step);

    /**
     * Returns a linear decay to 0, which is reached after the last step: {@code first · (1 − step / steps)}.
     *
     * @param first the rate of step 0, positive (0.01 in microgpt)
     * @param steps the number of steps of the whole run, at least 1
     * @return the schedule, {@link Schedule.Kind#LINEAR} without warm-up
     * @throws IllegalArgumentException if a number is out of range
     */
    static LearningRate linearDecay(double first, int steps) {
        return new Schedule(Schedule.Kind.LINEAR, first, 0, 0).over(steps);
    }
}
