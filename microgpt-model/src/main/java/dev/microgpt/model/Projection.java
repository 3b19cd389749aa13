package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Linear;
import org.jspecify.annotations.Nullable;

/** A linear layer with an optional bias: {@code y = x·wᵀ + b}. */
public final class Projection implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        return tape.apply(new Linear(x, weight, bias));
    }

    /**
     * Creates a layer, initialized as the model's configuration says.
     *
     * @param scope  the scope of its parameters
     * @param config the configuration of the model
     * @param weight the name of the weight, shape {@code (out, in)}
     * @param bias   the name of the bias, shape {@code (out)}, initially 0; null for none
     * @param out    the number of output channels
     * @param in     the number of input channels
     * @return a layer from {@code (T, in)} to {@code (T, out)}
     */
    public static Projection of(Scope scope, GptConfig config, String weight, @Nullable String bias, int out, int in) {
        Initializer weights = config.get(GptConfig.INITIALIZATION).weights(config.nEmbd());
        return new Projection(scope, weight, weights, bias, out, in);
    }

    /**
     * Creates a layer whose output is added to the residual stream, for which some initializations have smaller
     * weights.
     *
     * @param scope  the scope of its parameters
     * @param config the configuration of the model
     * @param weight the name of the weight, shape {@code (out, in)}
     * @param bias   the name of the bias, shape {@code (out)}, initially 0; null for none
     * @param out    the number of output channels
     * @param in     the number of input channels
     * @return a layer from {@code (T, in)} to {@code (T, out)}
     */
    public static Projection toResidual(
            Scope scope, GptConfig config, String weight, @Nullable String bias, int out, int in) {
        Initializer weights = config.get(GptConfig.INITIALIZATION).residualWeights(config.nEmbd(), config.nLayer());
        return new Projection(scope, weight, weights, bias, out, in);
    }

    /**
     * Creates a layer with an initializer of its own.
     *
     * @param scope       the scope of its parameters
     * @param weight      the name of the weight, shape {@code (out, in)}
     * @param initializer the initial values of the weight
     * @param bias        the name of the bias, shape {@code (out)}, initially 0; null for none
     * @param out         the number of output channels
     * @param in          the number of input channels
     */
    public Projection(Scope scope, String weight, Initializer initializer, @Nullable String bias, int out, int in) {
        this.weight = scope.weight(weight, Shape.of(out, in), initializer);
        this.bias = bias == null ? null : scope.get(bias, Shape.of(out), Initializer.constant(0.0));
    }
}
