package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;
import java.util.Locale;
import java.util.Objects;

/**
 * A learning-rate schedule: linear warm-up, then a constant rate, linear decay or cosine decay.
 *
 * <p>During warm-up the rate of step {@code i}, from 0, is {@code learningRate · (i + 1) / (warmupSteps + 1)}. After
 * that it depends on the progress {@code r = (i − warmupSteps) / (steps − warmupSteps)} as {@link Kind} describes, and
 * once all steps are done it stays at {@code minLr}. A run that is shorter than the warm-up ends during warm-up.
 *
 * <pre>{@code
 * LearningRate rate = new Schedule(Schedule.Kind.COSINE, 1e-3, 1e-4, 100).over(5000);
 * }</pre>
 *
 * @param kind         the decay after warm-up
 * @param learningRate the rate at the end of warm-up, positive (0.01 in microgpt, 6e-4 in nanoGPT)
 * @param minLr        the rate at the end of the run, from 0 to {@code learningRate}; unused if the rate is constant
 * @param warmupSteps  the number of warm-up steps, at least 0
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/train.py">nanoGPT, get_lr</a>
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm
 *     Restarts, 2016</a>
 */
public record Schedule(Kind kind, double learningRate, double minLr, int warmupSteps) {
    /** The decay of the learning rate after warm-up. */
    public enum Kind {
        /** No decay: {@code learningRate}, also beyond the last step. */
        CONSTANT,

        /** Linear decay: {@code minLr + (learningRate − minLr) · (1 − r)}. */
        LINEAR,

        /** Cosine decay: {@code minLr + ½ · (1 + cos(π · r)) · (learningRate − minLr)}. */
        COSINE;

        /** {@return the name in configuration and files, such as {@code cosine}} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the ranges.
     *
     * @param kind         not null
     * @param learningRate positive and finite
     * @param minLr        from 0 to {@code learningRate}
     * @param warmupSteps  at least 0
     * @throws IllegalArgumentException if a number is out of range
     */
    public Schedule {
        Objects.requireNonNull(kind, "schedule: kind is null");
        Checks.positive("learning rate", learningRate);
        Checks.notNegative("minimum learning rate", minLr);
        if (minLr > learningRate) {
            throw new IllegalArgumentException("minimum learning rate is " + minLr
                    + ", but must be at most the learning rate, which is " + learningRate);
        }
        Checks.atLeastZero("warm-up steps", warmupSteps);
    }

    /**
     * Applies the schedule to a run of a given length.
     *
     * @param steps the number of steps of the whole run, at least 1
     * @return the learning rate of each step
     * @throws IllegalArgumentException if {@code steps} is below 1
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
