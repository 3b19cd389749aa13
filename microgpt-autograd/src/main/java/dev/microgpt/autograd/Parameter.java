package dev.microgpt.autograd;

import java.util.Objects;

/**
 * A trainable tensor with a name: it owns its values and its gradient and outlives every tape.
 *
 * <p>Gradients accumulate over calls of {@link Tape#backward} until {@link #zeroGrad()}.
 *
 * <p>One writer or many readers: only one training tape at a time may use a parameter; any number of inference tapes
 * may read it while no thread writes to it. {@link ParameterUpdates} detects violations.
 */
public final class Parameter extends Tensor {
    private final String name;

    /** Who changes the values, for {@link ParameterUpdates}. */
    final WriterMark mark = new WriterMark();

    /**
     * Creates a parameter that wraps an array.
     *
     * <p>The gradient is zero and takes no memory until {@link #grad()} is first called, so a model that only generates
     * has no gradients.
     *
     * @param name  name in messages and checkpoints, such as {@code layer0.attn_wq}
     * @param shape the shape
     * @param data  the initial values in row-major order, exactly {@code shape.size()} of them; not copied
     * @throws IllegalArgumentException if the length of the array is not {@code shape.size()}
     */
    public Parameter(String name, Shape shape, double... data) {
        super(shape, checked(Objects.requireNonNull(name, "parameter: name is null"), shape, data));
        this.name = name;
    }

    /**
     * Creates a parameter of a model for inference: it has no gradient and cannot be trained, see
     * {@link Tensor#packed(PackedMatrix)}.
     *
     * @param name   name in messages
     * @param matrix the values
     */
    public Parameter(String name, PackedMatrix matrix) {
        super(matrix);
        this.name = Objects.requireNonNull(name, "parameter: name is null");
    }

    private static double[] checked(String name, Shape shape, double[] data) {
        if (data.length != shape.size()) {
            throw new IllegalArgumentException("parameter \"" + name + "\": shape " + shape + " needs " + shape.size()
                    + " numbers, but the array holds " + data.length);
        }
        return data;
    }

    /** {@return the name in messages and checkpoints, such as {@code layer0.attn_wq}} */
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
    String label() {
        return "\"" + name + "\" " + shape();
    }

    /** {@return name, shape and first numbers, as {@link Tensor#toString} prints them} */
    @Override
    public String toString() {
        return name + " " + super.toString();
    }
}
