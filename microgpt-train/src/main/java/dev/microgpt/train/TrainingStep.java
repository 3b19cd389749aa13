package dev.microgpt.train;

/**
 * What one step of a training did.
 *
 * @param number       the number of the step, from 1
 * @param loss         the mean cross-entropy of its targets before the update, in nats
 * @param learningRate the rate of the update
 */
public record TrainingStep(int number, double loss, double learningRate) {}
