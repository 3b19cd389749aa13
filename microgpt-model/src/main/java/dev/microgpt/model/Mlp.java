package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The multilayer perceptron of a block: {@code y = f(x·fc1ᵀ + b1)·fc2ᵀ + b2} with the {@link Activation} {@code f} and,
 * optionally, the biases of the variant.
 */
public final class Mlp implements Layer {
    /** Creates this layer. An anonymous class, because linking a method reference at run time delays startup. */
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
     * Creates the layer, requesting {@code mlp_fc1}, shape {@code (I, C)}, and {@code mlp_fc2}, shape {@code (C, I)};
     * if the variant has biases, they are followed by {@code mlp_b1} and {@code mlp_b2}, respectively.
     *
     * @param scope  the scope of the block's weights
     * @param config sizes and variant of the model
     */
    public Mlp(Scope scope, GptConfig config) {
        fc1 = Projection.of(scope, config, "mlp_fc1", "mlp_b1", config.nInner(), config.nEmbd());
        fc2 = Projection.toResidual(scope, config, "mlp_fc2", "mlp_b2", config.nEmbd(), config.nInner());
        activation = config.variant().activation();
    }
}
