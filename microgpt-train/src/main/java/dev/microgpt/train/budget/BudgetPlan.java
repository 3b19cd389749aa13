package dev.microgpt.train.budget;

/**
 * What to train within a time budget.
 *
 * @param size           the size of the model
 * @param steps          the number of training steps
 * @param secondsPerStep the measured duration of a step
 * @param parameters     the number of parameters of the model
 * @param passes         how often the run sees the training data
 * @param limit          what kept the model from being larger
 */
public record BudgetPlan(
        ModelSize size, int steps, double secondsPerStep, double parameters, double passes, Limit limit) {
    /** What kept a model from being larger. */
    public enum Limit {
        /** A larger model would see too few tokens in the time. */
        TIME,
        /** A larger model would see too few tokens in as many passes over the data as are worthwhile. */
        DATA,
        /** The next size does not fit in memory. */
        MEMORY,
        /** There is no larger size. */
        LADDER
    }

    /** {@return the seconds that the steps take} */
    public double seconds() {
        return steps * secondsPerStep;
    }
}
