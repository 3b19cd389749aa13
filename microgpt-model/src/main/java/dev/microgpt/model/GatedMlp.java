package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The gated MLP of Llama: {@code y = (f(x·gateᵀ + bgate) · (x·upᵀ + bup))·downᵀ + bdown} with an {@link Activation}
 * {@code f} and, optionally, the biases of the configuration. What {@code down} reads is the
 * {@linkplain dev.microgpt.autograd.Hook point} {@code mlp_hidden}.
 *
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer, GLU Variants Improve Transformer, 2020</a>
 */
public final class GatedMlp implements Layer {
    private final Projection gate;
    private final Projection up;
    private final Projection down;
    private final Activation activation;
    private final String hidden;

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        Tensor open = activation.apply(tape, gate.forward(tape, x, batch));
        Tensor h = tape.point(hidden, tape.multiply(open, up.forward(tape, x, batch)));
        return down.forward(tape, h, batch);
    }

    /**
     * Creates the layer, requesting {@code mlp_gate} and {@code mlp_up}, each of shape {@code (I, C)}, and
     * {@code mlp_down}, shape {@code (C, I)}; if there are biases, they are each followed by {@code mlp_bgate},
     * {@code mlp_bup} and {@code mlp_bdown}.
     *
     * @param scope      the scope of the block's weights
     * @param config     the sizes and parts of the model, whose activation is not used
     * @param activation the function of the gate
     */
    public GatedMlp(Scope scope, GptConfig config, Activation activation) {
        boolean bias = config.get(GptConfig.BIAS);
        int inner = config.nInner();
        int channels = config.nEmbd();
        gate = Projection.of(scope, config, "mlp_gate", bias ? "mlp_bgate" : null, inner, channels);
        up = Projection.of(scope, config, "mlp_up", bias ? "mlp_bup" : null, inner, channels);
        down = Projection.toResidual(scope, config, "mlp_down", bias ? "mlp_bdown" : null, channels, inner);
        this.activation = activation;
        hidden = scope.name("mlp_hidden");
    }
}
