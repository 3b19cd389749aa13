package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;
import dev.microgpt.train.internal.Quoted;
import java.util.Objects;

/**
 * A named float64 tensor in memory, as read from or written to a file.
 *
 * @param name  its name in the file, such as {@code layer0.attn_wq}
 * @param shape the dimensions
 * @param data  the elements, row-major, exactly {@code shape.size()}; not copied
 */
public record NamedTensor(String name, Shape shape, double[] data) implements TensorSource {

    /**
     * Checks the length of the array.
     *
     * @param name  its name in the file
     * @param shape the dimensions
     * @param data  the elements, row-major; not copied
     * @throws IllegalArgumentException if the number of elements differs from the size of the shape
     */
    public NamedTensor {
        Objects.requireNonNull(name, "name");
        if (data.length != shape.size()) {
            throw new IllegalArgumentException("tensor " + Quoted.of(name) + ": the shape " + shape + " has "
                    + shape.size() + " elements but the array has " + data.length + "; they must be equal");
        }
    }
}
