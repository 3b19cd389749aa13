package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Linear;
import org.jspecify.annotations.Nullable;

/** A linear layer with an optional bias: {@code y = x·wᵀ + b}. */
final class Projection implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        return tape.apply(new Linear(x, weight, bias));
    }

    /** Requests the weight, shape {@code (out, in)}, and, if the variant has biases, the bias, shape {@code (out)}. */
    static Projection of(Scope scope, GptConfig config, String weight, String bias, int out, int in) {
        GptVariant variant = config.variant();
        Initializer weights = variant.initialization().weights(config.nEmbd());
        return new Projection(scope, weight, weights, variant.bias() ? bias : null, out, in);
    }

    /** As {@link #of}, for a projection whose output is added to the residual stream: it is initialized differently. */
    static Projection toResidual(Scope scope, GptConfig config, String weight, String bias, int out, int in) {
        GptVariant variant = config.variant();
        Initializer weights = variant.initialization().residualWeights(config.nEmbd(), config.nLayer());
        return new Projection(scope, weight, weights, variant.bias() ? bias : null, out, in);
    }

    private Projection(Scope scope, String weight, Initializer weights, @Nullable String bias, int out, int in) {
        this.weight = scope.get(weight, Shape.of(out, in), weights);
        this.bias = bias == null ? null : scope.get(bias, Shape.of(out), Initializer.constant(0.0));
    }
}
