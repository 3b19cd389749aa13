package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * A tensor to be written whose elements are produced only when they are needed, so a model that is written in another
 * layout is never in memory twice. A {@link NamedTensor} is a source whose elements already exist.
 */
public interface TensorSource {
    /** {@return the name of the tensor in the file} */
    String name();

    /** {@return the dimensions} */
    Shape shape();

    /**
     * Returns the elements; called twice, and nothing is written unless they are equal both times.
     *
     * @return the elements, row-major, exactly {@code shape().size()}
     */
    double[] data();
}
