package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Parameters that decay alike.
 *
 * @param parameters  which
 * @param weightDecay what they lose in an update, as a multiple of the learning rate and of themselves; at least 0
 */
public record ParameterGroup(List<Parameter> parameters, double weightDecay) {
    /**
     * Checks the number and copies the list.
     *
     * @param parameters see above
     * @param weightDecay see above
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
     * Forms the two groups of nanoGPT: matrices and tables decay; biases and the gains of norms, which have one dimension,
     * do not.
     *
     * @param parameters  all parameters of a model
     * @param weightDecay the decay of those of two dimensions or more
     * @return the group that decays and the group that does not, each in the order given; a group may be empty
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
