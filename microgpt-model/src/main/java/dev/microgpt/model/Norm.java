package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;

/**
 * The normalization applied to each row of the residual stream before a layer reads it.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, Root Mean Square Layer Normalization, 2019</a>
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer Normalization, 2016</a>
 */
public enum Norm {
    /** RMSNorm without gain, as in microgpt. */
    RMS("rmsnorm", 0) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(null, eps);
        }
    },
    /** RMSNorm with a gain for each channel. */
    RMS_GAIN("rmsnorm-gain", 1) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(gain(scope, channels), eps);
        }
    },
    /** Layer norm with a gain for each channel, as in nanoGPT without biases. */
    LAYER("layernorm", 1) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new LayerNorm(gain(scope, channels), null, eps);
        }
    },
    /** Layer norm with a gain and a bias for each channel, as in GPT-2. */
    LAYER_BIAS("layernorm-bias", 2) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            Parameter gain = gain(scope, channels);
            Parameter bias = scope.get("bias", Shape.of(channels), Initializer.constant(0.0));
            return new LayerNorm(gain, bias, eps);
        }
    };

    private final String label;
    private final int parametersPerChannel;

    Norm(String label, int parametersPerChannel) {
        this.label = label;
        this.parametersPerChannel = parametersPerChannel;
    }

    /**
     * Creates a norm, requesting its {@code gain} and {@code bias}, shape {@code (C)} each, if it has them.
     *
     * @param scope    the scope of its parameters
     * @param channels the number of channels {@code C}
     * @param eps      added to the mean square or to the variance; positive
     * @return a layer from {@code (T, C)} to {@code (T, C)}
     */
    public abstract Layer create(Scope scope, int channels, double eps);

    int parametersPerChannel() {
        return parametersPerChannel;
    }

    /** {@return the name used in files and options} */
    @Override
    public String toString() {
        return label;
    }

    private static Parameter gain(Scope scope, int channels) {
        return scope.get("gain", Shape.of(channels), Initializer.constant(1.0));
    }
}
