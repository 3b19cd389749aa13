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

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        return fc2.forward(tape, activation.apply(tape, fc1.forward(tape, x)));
    }

    /**
     * Asks for {@code mlp_fc1}, shape {@code (I, C)}, and {@code mlp_fc2}, shape {@code (C, I)}; with biases, after each
     * for {@code mlp_b1} and {@code mlp_b2}.
     *
     * @param scope  where the weights come from
     * @param config tells the channels {@code C}, those inside, {@code I}, and the variant
     */
    public Mlp(Scope scope, GptConfig config) {
        fc1 = Projection.of(scope, config, "mlp_fc1", "mlp_b1", config.nInner(), config.nEmbd());
        fc2 = Projection.toResidual(scope, config, "mlp_fc2", "mlp_b2", config.nEmbd(), config.nInner());
        activation = config.variant().activation();
    }
}
