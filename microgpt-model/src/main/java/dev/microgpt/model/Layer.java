package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** A function of a tensor with weights of its own: what can stand in the place of {@link Mlp}. */
@FunctionalInterface
public interface Layer {
    /**
     * Applies the layer to every row.
     *
     * @param tape where the operations are recorded
     * @param x    input, shape {@code (T, C)}
     * @return the output, usually of the same shape
     */
    Tensor forward(Tape tape, Tensor x);
}
