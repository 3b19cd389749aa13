package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** A product with a weight, and a bias if the model has them: {@code y = x·wᵀ + b}. */
final class Projection implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    /**
     * Asks for the weight, shape {@code (out, in)}, and then for the bias, shape {@code (out)}.
     *
     * @param biasName its name, or null for none
     */
    Projection(Scope scope, String weightName, @Nullable String biasName, int out, int in, Initializer initializer) {
        weight = scope.get(weightName, Shape.of(out, in), initializer);
        bias = biasName == null ? null : scope.get(biasName, Shape.of(out), Initializer.constant(0.0));
    }

    @Override
    public Tensor forward(Tape tape, Tensor x) {
        return bias == null ? tape.linear(x, weight) : tape.linear(x, weight, bias);
    }
}
