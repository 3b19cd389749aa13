package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;
import java.util.Objects;

/**
 * How the learning rate changes in the course of a run; refuses, by an {@link IllegalArgumentException}, a number out of
 * range.
 *
 * <p>In the warm-up the rate of step {@code i}, from 0, is {@code learningRate · (i + 1) / (warmupSteps + 1)}. Afterwards
 * it falls with {@code r = (i − warmupSteps) / (steps − warmupSteps)}, the share of the way that is done, and stays at
 * {@code minLr} when all steps are. A run that is shorter than the warm-up ends in it.
 *
 * <pre>{@code
 * LearningRate rate = new Schedule(Schedule.Kind.COSINE, 1e-3, 1e-4, 100).over(5000);
 * }</pre>
 *
 * @param kind         how the rate falls
 * @param learningRate the rate after the warm-up, positive (0.01 in microgpt, 6e-4 in nanoGPT)
 * @param minLr        the rate at the end, from 0 to {@code learningRate}; of no effect if the rate is constant
 * @param warmupSteps  the number of steps in which the rate rises, at least 0
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/train.py">nanoGPT, get_lr</a>
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm
 *     Restarts, 2016</a>
 */
public record Schedule(Kind kind, double learningRate, double minLr, int warmupSteps) {
    /** How the rate falls after the warm-up. */
    public enum Kind {
        /** Not at all: {@code learningRate}, also beyond the last step. */
        CONSTANT,

        /** Along a line: {@code minLr + (learningRate − minLr) · (1 − r)}. */
        LINEAR,

        /** Along half a wave: {@code minLr + ½ · (1 + cos(π · r)) · (learningRate − minLr)}. */
        COSINE
    }

    /**
     * Checks the numbers.
     *
     * @param kind see above
     * @param learningRate see above
     * @param minLr see above
     * @param warmupSteps see above
     * @throws IllegalArgumentException if one is out of range
     */
    public Schedule {
        Objects.requireNonNull(kind, "schedule: kind is null");
        Checks.positive("learning rate", learningRate);
        Checks.notNegative("minimum learning rate", minLr);
        if (minLr > learningRate) {
            throw new IllegalArgumentException(
                    "minimum learning rate is " + minLr + ", but must be at most the learning rate, which is " + learningRate);
        }
        Checks.atLeastZero("warm-up steps", warmupSteps);
    }

    /**
     * Spreads the schedule over a run.
     *
     * @param steps the number of steps of the whole run, at least 1
     * @return the rate of each of them
     * @throws IllegalArgumentException if there is no step
     */
    public LearningRate over(int steps) {
        Checks.atLeastOne("steps", steps);
        return new LearningRate() {
            @Override
            public double at(int step) {
                return rate(step, steps);
            }
        };
    }

    private double rate(int step, int steps) {
        if (step < warmupSteps) {
            return learningRate * (step + 1.0) / (warmupSteps + 1.0);
        }
        if (kind == Kind.CONSTANT) {
            return learningRate;
        }
        if (step >= steps) {
            return minLr;
        }
        double ratio = (double) (step - warmupSteps) / (steps - warmupSteps);
        double share = kind == Kind.LINEAR ? 1 - ratio : 0.5 * (1 + StrictMath.cos(Math.PI * ratio));
        return minLr + share * (learningRate - minLr);
    }
}
