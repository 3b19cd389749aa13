package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;
import dev.microgpt.train.internal.Quoted;
import java.util.Objects;

/**
 * A tensor as it is stored in a file.
 *
 * @param name  how the file calls it, such as {@code layer0.attn_wq}
 * @param shape the dimensions, row-major
 * @param data  the elements, exactly {@code shape.size()}; not copied
 */
public record NamedTensor(String name, Shape shape, double[] data) implements TensorSource {

    /**
     * Checks the length of the array.
     *
     * @param name  see above
     * @param shape see above
     * @param data  see above
     * @throws IllegalArgumentException if the array does not have as many elements as the shape
     */
    public NamedTensor {
        Objects.requireNonNull(name, "name");
        if (data.length != shape.size()) {
            throw new IllegalArgumentException("tensor " + Quoted.of(name) + ": the shape " + shape + " has "
                    + shape.size() + " elements but the array has " + data.length + "; they must be equal");
        }
    }
}
