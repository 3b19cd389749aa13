package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code y = x / sqrt(mean(x²) + eps)}, times a gain if there is one. */
final class RmsNormLayer implements Layer {
    private final @Nullable Parameter gain;

    RmsNormLayer(@Nullable Parameter gain) {
        this.gain = gain;
    }

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        Tensor normalized = tape.rmsNorm(x, Norm.EPS);
        return gain == null ? normalized : tape.multiply(normalized, gain);
    }
}
