package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The multilayer perceptron of a block: {@code y = f(x·fc1ᵀ + b1)·fc2ᵀ + b2}, usually four times as wide inside,
 * with the activation and biases of the model's variant.
 */
public final class Mlp implements Layer {
    /** Makes this layer. Not a method reference: to set one up at run time delays the start of the program. */
    static final MlpFactory FACTORY = new MlpFactory() {
        @Override
        public Layer create(Scope scope, GptConfig config) {
            return new Mlp(scope, config);
        }
    };

    private final Projection fc1;
    private final Projection fc2;
    private final Activation activation;

    /**
     * Asks for {@code mlp_fc1}, shape {@code (I, C)}, and {@code mlp_fc2}, shape {@code (C, I)}; with biases, after each
     * for {@code mlp_b1} and {@code mlp_b2}.
     *
     * @param scope  where the weights come from
     * @param config tells the channels {@code C}, those inside, {@code I}, and the variant
     */
    public Mlp(Scope scope, GptConfig config) {
        GptVariant variant = config.variant();
        int channels = config.nEmbd();
        int inner = config.nInner();
        boolean bias = variant.bias();
        Initializer weights = variant.initialization().weights(config.nEmbd());
        Initializer residual = variant.initialization().residualWeights(config.nEmbd(), config.nLayer());
        fc1 = new Projection(scope, "mlp_fc1", bias ? "mlp_b1" : null, inner, channels, weights);
        fc2 = new Projection(scope, "mlp_fc2", bias ? "mlp_b2" : null, channels, inner, residual);
        activation = variant.activation();
    }

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        return fc2.forward(tape, activation.apply(tape, fc1.forward(tape, x)));
    }
}
