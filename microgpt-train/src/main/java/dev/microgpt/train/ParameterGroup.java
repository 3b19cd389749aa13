package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Parameters with the same weight decay.
 *
 * @param parameters  the parameters, possibly none
 * @param weightDecay decoupled weight decay, relative to the learning rate, at least 0
 */
public record ParameterGroup(List<Parameter> parameters, double weightDecay) {
    /**
     * Checks the number and copies the list.
     *
     * @param parameters  not null, nor any of them
     * @param weightDecay finite and at least 0
     * @throws IllegalArgumentException if the decay is negative, infinite or NaN
     */
    public ParameterGroup {
        Checks.notNegative("weight decay", weightDecay);
        for (Parameter parameter : parameters) {
            Objects.requireNonNull(parameter, "parameter group: a parameter is null");
        }
        parameters = List.copyOf(parameters);
    }

    /**
     * Forms the two groups of nanoGPT: matrices and tables decay; biases and normalization gains, which have one
     * dimension, do not.
     *
     * @param parameters  all parameters of a model
     * @param weightDecay the weight decay of parameters with two or more dimensions
     * @return the group with weight decay and the group without, each in the order given; either may be empty
     * @throws IllegalArgumentException if the decay is negative, infinite or NaN
     * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/model.py">nanoGPT, configure_optimizers</a>
     */
    public static List<ParameterGroup> byRank(List<Parameter> parameters, double weightDecay) {
        List<Parameter> decaying = new ArrayList<>();
        List<Parameter> others = new ArrayList<>();
        for (Parameter parameter : parameters) {
            (parameter.shape().rank() >= 2 ? decaying : others).add(parameter);
        }
        return List.of(new ParameterGroup(decaying, weightDecay), new ParameterGroup(others, 0));
    }
}
