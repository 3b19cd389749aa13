package dev.microgpt.train;

/**
 * What one step of a training did.
 *
 * @param number       the number of the step, from 1
 * @param loss         the mean cross-entropy of its targets before the update, in nats
 * @param learningRate the rate of the update
 * @param gradientNorm the Euclidean norm of all gradients together, before they were clipped
 * @param tokens       how many targets the step had
 * @param nanos        how long the step took
 */
public record TrainingStep(
        int number, double loss, double learningRate, double gradientNorm, long tokens, long nanos) {}
