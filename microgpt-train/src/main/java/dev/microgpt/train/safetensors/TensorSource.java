package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * A tensor to be written, whose numbers need not be there before its turn: what a file holds of a model in another layout
 * need never be in memory as a whole. A {@link NamedTensor} is one that is there.
 */
public interface TensorSource {
    /** {@return how the file calls it} */
    String name();

    /** {@return the dimensions, row-major} */
    Shape shape();

    /** {@return the elements, exactly {@code shape().size()}; asked for twice, and the same each time} */
    double[] data();
}
