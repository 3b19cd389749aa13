package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The MLP of GPT-2: {@code y = f(x·fc1ᵀ + b1)·fc2ᵀ + b2} with the {@link Activation} {@code f} and, optionally, the
 * biases of the configuration. What {@code fc2} reads is the {@linkplain dev.microgpt.autograd.Hook point}
 * {@code mlp_hidden}.
 */
public final class TwoLayerMlp implements Layer {
    private final Projection fc1;
    private final Projection fc2;
    private final Activation activation;
    private final String hidden;

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        Tensor h = tape.point(hidden, activation.apply(tape, fc1.forward(tape, x, batch)));
        return fc2.forward(tape, h, batch);
    }

    /**
     * Creates the layer, requesting {@code mlp_fc1}, shape {@code (I, C)}, and {@code mlp_fc2}, shape {@code (C, I)};
     * if there are biases, they are followed by {@code mlp_b1} and {@code mlp_b2}, respectively.
     *
     * @param scope  the scope of the block's weights
     * @param config the sizes and parts of the model
     */
    public TwoLayerMlp(Scope scope, GptConfig config) {
        boolean bias = config.get(GptConfig.BIAS);
        fc1 = Projection.of(scope, config, "mlp_fc1", bias ? "mlp_b1" : null, config.nInner(), config.nEmbd());
        fc2 = Projection.toResidual(scope, config, "mlp_fc2", bias ? "mlp_b2" : null, config.nEmbd(), config.nInner());
        activation = config.activation();
        hidden = scope.name("mlp_hidden");
    }
}
