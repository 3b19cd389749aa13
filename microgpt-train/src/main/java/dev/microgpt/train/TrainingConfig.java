package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;
import java.util.Objects;

/**
 * How a model is trained; refuses, by an {@link IllegalArgumentException}, a number out of range.
 *
 * @param steps                     the number of updates of the whole run, at least 1
 * @param batchSize                 the number of sequences of a micro-batch, at least 1
 * @param gradientAccumulationSteps the number of micro-batches of a step, at least 1; what the step learns from is one
 *     batch that is so many times as large
 * @param schedule                  the learning rate
 * @param adam                      the numbers of the optimizer
 * @param gradClip                  the largest norm of all gradients together, see {@link Gradients#clip}; 0 for none
 * @param seed                      what shuffle, first weights, crops and dropout are drawn with, read as an unsigned number
 */
public record TrainingConfig(
        int steps,
        int batchSize,
        int gradientAccumulationSteps,
        Schedule schedule,
        AdamConfig adam,
        double gradClip,
        long seed) {
    /**
     * Checks the numbers.
     *
     * @param steps see above
     * @param batchSize see above
     * @param gradientAccumulationSteps see above
     * @param schedule see above
     * @param adam see above
     * @param gradClip see above
     * @param seed see above
     * @throws IllegalArgumentException if one is out of range
     */
    public TrainingConfig {
        Checks.atLeastOne("steps", steps);
        Checks.atLeastOne("batch size", batchSize);
        Checks.atLeastOne("gradient accumulation steps", gradientAccumulationSteps);
        Objects.requireNonNull(schedule, "training: schedule is null");
        Objects.requireNonNull(adam, "training: adam is null");
        Checks.notNegative("gradient clipping norm", gradClip);
    }

    /**
     * Says how a model is trained in microgpt's way: a learning rate that falls along a line to 0, one batch a step, no
     * decay of weights and no clipping.
     *
     * @param steps        the number of updates of the whole run, at least 1
     * @param batchSize    the number of sequences a step, at least 1
     * @param learningRate the rate of the first step, positive
     * @param beta1        see {@link AdamConfig}
     * @param beta2        see {@link AdamConfig}
     * @param adamEps      see {@link AdamConfig}
     * @param seed         what shuffle, first weights, crops and dropout are drawn with, read as an unsigned number
     * @throws IllegalArgumentException if a number is out of range
     */
    public TrainingConfig(
            int steps, int batchSize, double learningRate, double beta1, double beta2, double adamEps, long seed) {
        this(
                steps,
                batchSize,
                1,
                new Schedule(Schedule.Kind.LINEAR, learningRate, 0, 0),
                new AdamConfig(beta1, beta2, adamEps, 0),
                0,
                seed);
    }

    /**
     * Returns microgpt's training: 1,000 steps of one document, rate 0.01, betas 0.85 and 0.99, seed 42.
     *
     * @return the configuration
     */
    public static TrainingConfig microgpt() {
        return new TrainingConfig(1000, 1, 0.01, 0.85, 0.99, 1e-8, 42);
    }

    /**
     * Says that a run is to have another number of steps.
     *
     * @param other the number, at least 1
     * @return the same with this number
     * @throws IllegalArgumentException if there is no step
     */
    public TrainingConfig withSteps(int other) {
        return new TrainingConfig(other, batchSize, gradientAccumulationSteps, schedule, adam, gradClip, seed);
    }
}
