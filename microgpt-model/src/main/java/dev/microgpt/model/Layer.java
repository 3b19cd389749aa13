package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * A function from tensor to tensor with weights of its own, in which every row depends on the same row of the input
 * alone, such as an MLP or a norm. A {@link SequenceLayer} also sees the earlier positions of a sequence.
 *
 * <p>Several threads may call a layer of one model at the same time, each with its own tape, so it keeps no state
 * between calls.
 */
@FunctionalInterface
public interface Layer {
    /**
     * Applies the layer to every row.
     *
     * @param tape  records the operations
     * @param x     input, shape {@code (T, C)}
     * @param batch the sequences packed in {@code x}: their positions, and the random numbers for dropout
     * @return the output, usually of the same shape
     */
    Tensor forward(Tape tape, Tensor x, Batch batch);
}
