package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** The library's own activation functions. */
abstract class Activations implements Activation {
    static final Activation RELU = new Activations("relu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.relu(x);
        }
    };
    static final Activation GELU = new Activations("gelu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.gelu(x);
        }
    };
    static final Activation GELU_TANH = new Activations("gelu-tanh") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.geluTanh(x);
        }
    };
    static final Activation RELU2 = new Activations("relu2") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.reluSquared(x);
        }
    };
    static final Activation SILU = new Activations("silu") {
        @Override
        public Tensor apply(Tape tape, Tensor x) {
            return tape.silu(x);
        }
    };

    private final String name;

    private Activations(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
