package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * A function from tensor to tensor with weights of its own, such as {@link Mlp}.
 *
 * <p>Several threads may call a layer of one model at the same time, each with its own tape, so it keeps no state
 * between calls.
 */
@FunctionalInterface
public interface Layer {
    /**
     * Applies the layer to every row.
     *
     * @param tape records the operations
     * @param x    input, shape {@code (T, C)}
     * @return the output, usually of the same shape
     */
    Tensor forward(Tape tape, Tensor x);
}
