package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** The library's own norms. */
abstract class Norms implements Norm {
    static final Norm NONE = new Norms("none") {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new Layer() {
                @Override
                public Tensor forward(Tape tape, Tensor x, Batch batch) {
                    return x;
                }
            };
        }
    };
    static final Norm RMS = new Norms("rmsnorm") {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(null, eps);
        }
    };
    static final Norm RMS_GAIN = new Norms("rmsnorm-gain") {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(gain(scope, channels), eps);
        }
    };
    static final Norm LAYER = new Norms("layernorm") {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new LayerNorm(gain(scope, channels), null, eps);
        }
    };
    static final Norm LAYER_BIAS = new Norms("layernorm-bias") {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            Parameter gain = gain(scope, channels);
            Parameter bias = scope.get("bias", Shape.of(channels), Initializer.constant(0.0));
            return new LayerNorm(gain, bias, eps);
        }
    };

    private final String name;

    private Norms(String name) {
        this.name = name;
    }

    private static Parameter gain(Scope scope, int channels) {
        return scope.get("gain", Shape.of(channels), Initializer.constant(1.0));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Root mean square normalization with optional gain: {@code y = x / sqrt(mean(x²) + eps) · gain}. */
    private static final class RmsNorm implements Layer {
        private final @Nullable Parameter gain;
        private final double eps;

        @Override
        public Tensor forward(Tape tape, Tensor x, Batch batch) {
            return gain == null ? tape.rmsNorm(x, eps) : tape.rmsNorm(x, gain, eps);
        }

        RmsNorm(@Nullable Parameter gain, double eps) {
            this.gain = gain;
            this.eps = eps;
        }
    }

    /** Layer normalization with optional bias: {@code y = (x − mean(x)) / sqrt(var(x) + eps) · gain + bias}. */
    private static final class LayerNorm implements Layer {
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
}
