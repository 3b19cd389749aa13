package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** Layer normalization with gain and optional bias: {@code y = (x − mean(x)) / sqrt(var(x) + eps) · gain + bias}. */
final class LayerNorm implements Layer {
    private final Parameter gain;
    private final @Nullable Parameter bias;
    private final double eps;

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        return tape.layerNorm(x, gain, bias, eps);
    }

    LayerNorm(Parameter gain, @Nullable Parameter bias, double eps) {
        this.gain = gain;
        this.bias = bias;
        this.eps = eps;
    }
}
