package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The activation function between the two linear layers of an {@link Mlp}.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units (GELUs), 2016</a>
 */
public enum Activation {
    /** {@code max(0, x)}, as in microgpt. */
    RELU("relu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.relu(x);
        }
    },
    /** The Gaussian error linear unit {@code x·Φ(x)}, as in nanoGPT. */
    GELU("gelu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.gelu(x);
        }
    },
    /** The tanh approximation of GELU, as in GPT-2. */
    GELU_TANH("gelu-tanh") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.geluTanh(x);
        }
    };

    private final String label;

    Activation(String label) {
        this.label = label;
    }

    /**
     * Applies the function to every element.
     *
     * @param tape records the operation
     * @param x    input of any shape
     * @return a tensor of the same shape
     */
    public abstract Tensor apply(Tape tape, Tensor x);

    /** {@return the name used in files and options} */
    @Override
    public String toString() {
        return label;
    }
}
