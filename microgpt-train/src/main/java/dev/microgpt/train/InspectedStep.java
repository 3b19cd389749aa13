package dev.microgpt.train;

import dev.microgpt.autograd.Shape;
import java.util.List;

/**
 * A training step, weight by weight: what {@link Trainer#inspect} saw.
 *
 * @param step    the step
 * @param weights the weights of each parameter, in the order of the model; empty for a step without a sequence
 */
public record InspectedStep(TrainingStep step, List<Weights> weights) {
    /**
     * The weights of one parameter in a step.
     *
     * @param name        the name of the parameter
     * @param shape       its shape
     * @param before      the weights before the update, in row-major order, as all numbers here
     * @param gradient    the gradient of the loss of the step with respect to them, before clipping
     * @param after       the weights after the update
     * @param probes      the indices of the weights whose gradient was estimated as well, ascending
     * @param differences for each of these {@code (loss(w + h) − loss(w − h)) / 2h} with {@code h} = 1e-5: near the
     *     gradient, unless the loss has a kink in between, as with ReLU
     */
    public record Weights(
            String name,
            Shape shape,
            double[] before,
            double[] gradient,
            double[] after,
            int[] probes,
            double[] differences) {}
}
