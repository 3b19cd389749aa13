package dev.microgpt.train;

/**
 * The figures of one training step.
 *
 * @param number       the number of the step, from 1
 * @param loss         the mean cross-entropy over its targets before the update, in nats; or the {@link Loss} that the
 *     trainer minimizes instead; 0 if there are no targets
 * @param learningRate the learning rate of the update
 * @param gradientNorm the global gradient norm (Euclidean, over all parameters) before clipping
 * @param tokens       the number of targets
 * @param nanos        the duration of the step, in nanoseconds
 */
public record TrainingStep(
        int number, double loss, double learningRate, double gradientNorm, long tokens, long nanos) {}
