package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The multilayer perceptron of a block: {@code y = relu(x·fc1ᵀ)·fc2ᵀ}, four times as wide inside.
 */
public final class Mlp implements Layer {
    private final Parameter fc1;
    private final Parameter fc2;

    /**
     * Asks for {@code mlp_fc1}, shape {@code (4C, C)}, and {@code mlp_fc2}, shape {@code (C, 4C)}.
     *
     * @param scope       where the weights come from
     * @param channels    {@code C}
     * @param initializer draws them
     */
    public Mlp(Scope scope, int channels, Initializer initializer) {
        fc1 = scope.get("mlp_fc1", Shape.of(4 * channels, channels), initializer);
        fc2 = scope.get("mlp_fc2", Shape.of(channels, 4 * channels), initializer);
    }

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        return tape.linear(tape.relu(tape.linear(x, fc1)), fc2);
    }
}
