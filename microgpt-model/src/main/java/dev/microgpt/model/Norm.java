package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;

/** How the rows of the residual stream are normalised before a layer reads them. */
public enum Norm {
    /** Root mean square, without gain: microgpt's. */
    RMS("rmsnorm", 0) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(null, eps);
        }
    },
    /** Root mean square, with a gain for each channel. */
    RMS_GAIN("rmsnorm-gain", 1) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new RmsNorm(gain(scope, channels), eps);
        }
    },
    /** Layer norm with a gain for each channel: nanoGPT's without biases. */
    LAYER("layernorm", 1) {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return new LayerNorm(gain(scope, channels), null, eps);
        }
    },
    /** Layer norm with a gain and a bias for each channel: GPT-2's. */
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
     * Makes a norm, which asks for its {@code gain} and {@code bias}, shape {@code (C)} each, if it has them.
     *
     * @param scope    where its parameters come from
     * @param channels {@code C}
     * @param eps      added to the mean square, or to the variance; positive
     * @return the norm
     */
    public abstract Layer create(Scope scope, int channels, double eps);

    int parametersPerChannel() {
        return parametersPerChannel;
    }

    /** {@return the name in options and files} */
    @Override
    public String toString() {
        return label;
    }

    private static Parameter gain(Scope scope, int channels) {
        return scope.get("gain", Shape.of(channels), Initializer.constant(1.0));
    }
}
