package dev.microgpt.autograd;

import java.util.Objects;

/**
 * A named tensor that is trained: it owns its numbers and its gradient and outlives every tape.
 *
 * <p>Gradients accumulate over {@link Tape#backward} calls until {@link #zeroGrad()}. One training tape at a time may
 * use a parameter, and any number of inference tapes beside it while nobody writes.
 */
public final class Parameter extends Tensor {
    private final String name;

    /**
     * Creates a parameter around an array, with a gradient of zeros, which takes memory once it is asked for: a model that
     * only generates has none.
     *
     * @param name  what messages and checkpoints call it, such as {@code layer0.attn_wq}
     * @param shape the shape
     * @param data  the first numbers in row-major order, exactly {@code shape.size()}; not copied
     * @throws IllegalArgumentException if the array has another length
     */
    public Parameter(String name, Shape shape, double... data) {
        super(shape, checked(Objects.requireNonNull(name, "parameter: name is null"), shape, data));
        this.name = name;
    }

    private static double[] checked(String name, Shape shape, double[] data) {
        if (data.length != shape.size()) {
            throw new IllegalArgumentException("parameter \"" + name + "\": shape " + shape + " needs " + shape.size()
                    + " numbers, but the array holds " + data.length);
        }
        return data;
    }

    /**
     * Returns the name.
     *
     * @return what messages and checkpoints call this parameter
     */
    public String name() {
        return name;
    }

    /** Sets the gradient to zero. */
    public void zeroGrad() {
        if (hasGradBuffer()) {
            Zeros.write(Kernels.active(), grad(), shape().size());
        }
    }

    @Override
    public String toString() {
        return name + " " + shape();
    }
}
