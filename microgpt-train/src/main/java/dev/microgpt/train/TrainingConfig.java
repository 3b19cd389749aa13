package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;
import java.util.Objects;

/**
 * The settings of a training run.
 *
 * @param steps                     the number of updates of the whole run, at least 1
 * @param batchSize                 the number of sequences per micro-batch, at least 1
 * @param gradientAccumulationSteps the number of micro-batches per step, at least 1; a step computes the gradient of
 *     one batch of {@code batchSize · gradientAccumulationSteps} sequences
 * @param schedule                  the learning rate of each step
 * @param adam                      the hyperparameters of the optimizer
 * @param gradClip                  clips gradients to this global norm, see {@link Gradients#clip}; 0 disables clipping
 * @param seed                      the seed of the shuffle, the initial weights, crops and dropout; an unsigned number
 * @param separateGradients         whether the gradient of each micro-batch is computed alone, and these are added in
 *     order, as {@link GradientWorkers} do; otherwise each continues the sums of the one before. The results differ by
 *     rounding errors
 */
public record TrainingConfig(
        int steps,
        int batchSize,
        int gradientAccumulationSteps,
        Schedule schedule,
        AdamConfig adam,
        double gradClip,
        long seed,
        boolean separateGradients) {
    /**
     * Checks the ranges.
     *
     * @param steps                     at least 1
     * @param batchSize                 at least 1
     * @param gradientAccumulationSteps at least 1
     * @param schedule                  not null
     * @param adam                      not null
     * @param gradClip                  finite and at least 0
     * @param seed                      any number
     * @param separateGradients         any
     * @throws IllegalArgumentException if a number is out of range
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
     * Creates a configuration in which each micro-batch continues the sums of the one before.
     *
     * @param steps                     the number of updates of the whole run, at least 1
     * @param batchSize                 the number of sequences per micro-batch, at least 1
     * @param gradientAccumulationSteps the number of micro-batches per step, at least 1
     * @param schedule                  the learning rate of each step
     * @param adam                      the hyperparameters of the optimizer
     * @param gradClip                  the largest global norm of the gradients; 0 disables clipping
     * @param seed                      the seed, an unsigned number
     * @throws IllegalArgumentException if a number is out of range
     */
    public TrainingConfig(
            int steps,
            int batchSize,
            int gradientAccumulationSteps,
            Schedule schedule,
            AdamConfig adam,
            double gradClip,
            long seed) {
        this(steps, batchSize, gradientAccumulationSteps, schedule, adam, gradClip, seed, false);
    }

    /**
     * Creates a configuration in the style of microgpt: linear decay of the learning rate to 0, one batch per step, no
     * weight decay and no clipping.
     *
     * @param steps        the number of updates of the whole run, at least 1
     * @param batchSize    the number of sequences per step, at least 1
     * @param learningRate the learning rate of the first step, positive
     * @param beta1        Adam's decay rate of the gradient average, from 0 to below 1
     * @param beta2        Adam's decay rate of the average of squared gradients, from 0 to below 1
     * @param adamEps      added to the square root in Adam's denominator, positive
     * @param seed         the seed of the shuffle, the initial weights, crops and dropout; an unsigned number
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
     * Returns the configuration of microgpt: 1,000 steps of one document, learning rate 0.01, betas 0.85 and 0.99, seed
     * 42.
     *
     * @return the configuration
     */
    public static TrainingConfig microgpt() {
        return new TrainingConfig(1000, 1, 0.01, 0.85, 0.99, 1e-8, 42);
    }

    /**
     * Returns the configuration of nanoGPT's small model for a laptop: 2,000 steps of 12 sequences, learning rate 0.001
     * with 100 steps of warm-up and cosine decay to 0.0001, betas 0.9 and 0.99, weight decay 0.1, gradients clipped to
     * norm 1, seed 42.
     *
     * @return the configuration
     * @see <a href="https://github.com/karpathy/nanoGPT">nanoGPT, readme</a>
     */
    public static TrainingConfig nano() {
        Schedule schedule = new Schedule(Schedule.Kind.COSINE, 1e-3, 1e-4, 100);
        return new TrainingConfig(2000, 12, 1, schedule, new AdamConfig(0.9, 0.99, 1e-8, 0.1), 1, 42);
    }

    /**
     * Returns the configuration of nanoGPT's run on OpenWebText: 600,000 steps of 480 sequences in batches of 12,
     * learning rate 0.0006 with 2,000 steps of warm-up and cosine decay to 0.00006, betas 0.9 and 0.95, weight decay
     * 0.1, gradients clipped to norm 1, seed 42.
     *
     * @return the configuration
     * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/config/train_gpt2.py">nanoGPT, train_gpt2.py</a>
     */
    public static TrainingConfig gpt2() {
        Schedule schedule = new Schedule(Schedule.Kind.COSINE, 6e-4, 6e-5, 2000);
        return new TrainingConfig(600_000, 12, 40, schedule, new AdamConfig(0.9, 0.95, 1e-8, 0.1), 1, 42);
    }

    /**
     * Returns settings for fine-tuning a model whose own settings are unknown, those of nanoGPT: 20 steps of 32
     * sequences in batches of 1, constant learning rate 3e-5, betas 0.9 and 0.95, weight decay 0.1, gradients clipped
     * to norm 1, seed 42.
     *
     * @return the configuration
     * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/config/finetune_shakespeare.py">nanoGPT,
     *     finetune_shakespeare.py</a>
     */
    public static TrainingConfig fineTuning() {
        Schedule schedule = new Schedule(Schedule.Kind.CONSTANT, 3e-5, 0, 0);
        return new TrainingConfig(20, 1, 32, schedule, new AdamConfig(0.9, 0.95, 1e-8, 0.1), 1, 42);
    }

    /**
     * Returns this configuration with another number of steps.
     *
     * @param other the number of updates of the whole run, at least 1
     * @return a new configuration
     * @throws IllegalArgumentException if {@code other} is below 1
     */
    public TrainingConfig withSteps(int other) {
        return new TrainingConfig(
                other, batchSize, gradientAccumulationSteps, schedule, adam, gradClip, seed, separateGradients);
    }

    /**
     * Returns this configuration with another batch size.
     *
     * @param other the number of sequences per micro-batch, at least 1
     * @return a new configuration
     * @throws IllegalArgumentException if {@code other} is below 1
     */
    public TrainingConfig withBatchSize(int other) {
        return new TrainingConfig(
                steps, other, gradientAccumulationSteps, schedule, adam, gradClip, seed, separateGradients);
    }

    /**
     * Returns this configuration with another number of micro-batches.
     *
     * @param other the number of micro-batches per step, at least 1
     * @return a new configuration
     * @throws IllegalArgumentException if {@code other} is below 1
     */
    public TrainingConfig withGradientAccumulationSteps(int other) {
        return new TrainingConfig(steps, batchSize, other, schedule, adam, gradClip, seed, separateGradients);
    }

    /**
     * Returns this configuration with another learning rate.
     *
     * @param other the schedule
     * @return a new configuration
     */
    public TrainingConfig withSchedule(Schedule other) {
        return new TrainingConfig(
                steps, batchSize, gradientAccumulationSteps, other, adam, gradClip, seed, separateGradients);
    }

    /**
     * Returns this configuration with other hyperparameters of the optimizer.
     *
     * @param other the hyperparameters
     * @return a new configuration
     */
    public TrainingConfig withAdam(AdamConfig other) {
        return new TrainingConfig(
                steps, batchSize, gradientAccumulationSteps, schedule, other, gradClip, seed, separateGradients);
    }

    /**
     * Returns this configuration with another clipping of gradients.
     *
     * @param other the largest global norm, at least 0; 0 disables clipping
     * @return a new configuration
     * @throws IllegalArgumentException if the norm is negative, NaN or infinite
     */
    public TrainingConfig withGradClip(double other) {
        return new TrainingConfig(
                steps, batchSize, gradientAccumulationSteps, schedule, adam, other, seed, separateGradients);
    }

    /**
     * Returns this configuration with another seed.
     *
     * @param other any number
     * @return a new configuration
     */
    public TrainingConfig withSeed(long other) {
        return new TrainingConfig(
                steps, batchSize, gradientAccumulationSteps, schedule, adam, gradClip, other, separateGradients);
    }

    /**
     * Returns this configuration with another way to add up the gradients of micro-batches.
     *
     * @param other whether the gradient of each is computed alone
     * @return a new configuration
     */
    public TrainingConfig withSeparateGradients(boolean other) {
        return new TrainingConfig(steps, batchSize, gradientAccumulationSteps, schedule, adam, gradClip, seed, other);
    }
}
