package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** Root mean square normalization with optional gain: {@code y = x / sqrt(mean(x²) + eps) · gain}. */
final class RmsNorm implements Layer {
    private final @Nullable Parameter gain;
    private final double eps;

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        Tensor normalized = tape.rmsNorm(x, eps);
        return gain == null ? normalized : tape.multiply(normalized, gain);
    }

    RmsNorm(@Nullable Parameter gain, double eps) {
        this.gain = gain;
        this.eps = eps;
    }
}
