package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** The function between the two products of {@link Mlp}. */
public enum Activation {
    /** {@code max(0, x)}: microgpt's. */
    RELU("relu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.relu(x);
        }
    },
    /** The Gaussian error linear unit {@code x·Φ(x)}: nanoGPT's. */
    GELU("gelu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.gelu(x);
        }
    },
    /** Its approximation by a hyperbolic tangent: GPT-2's. */
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
     * @param tape where the operation is recorded
     * @param x    input
     * @return the same shape
     */
    public abstract Tensor apply(Tape tape, Tensor x);

    /** {@return the name in options and files} */
    @Override
    public String toString() {
        return label;
    }
}
