package dev.microgpt.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A shape and a flat, row-major buffer of numbers, with a second buffer for their gradient or none.
 *
 * <p>There are three kinds. A {@link Parameter} owns its buffers and lives as long as you hold it. A
 * {@linkplain #constant constant} wraps an array of yours and has no gradient. The result of an {@link Op} belongs to
 * its {@link Tape}, which reuses the buffers: it is valid until {@link Tape#reset()}, and a later use throws an
 * {@link IllegalStateException}.
 *
 * <p>Not thread-safe, except that any number of threads may read parameters and constants that nobody writes.
 */
public sealed class Tensor permits Parameter {
    private final Shape shape;
    private final double[] data;
    private final boolean hasGrad;
    private double @Nullable [] grad; // that of a parameter is made when it is first asked for
    private final @Nullable Tape tape;
    private final int generation;

    Tensor(Shape shape, double[] data, double @Nullable [] grad, @Nullable Tape tape, int generation) {
        this(shape, data, grad != null, grad, tape, generation);
    }

    /** A tensor that lives on no tape, with a gradient of zeros that takes no memory until it is asked for. */
    Tensor(Shape shape, double[] data) {
        this(shape, data, true, null, null, 0);
    }

    private Tensor(
            Shape shape,
            double[] data,
            boolean hasGrad,
            double @Nullable [] grad,
            @Nullable Tape tape,
            int generation) {
        if (data.length < shape.size()) {
            throw new IllegalArgumentException("tensor: shape " + shape + " needs " + shape.size()
                    + " numbers, but the array holds " + data.length);
        }
        this.shape = shape;
        this.data = data;
        this.hasGrad = hasGrad;
        this.grad = grad;
        this.tape = tape;
        this.generation = generation;
    }

    /**
     * Wraps an array as a tensor that has no gradient and belongs to no tape.
     *
     * @param shape the shape
     * @param data  the numbers in row-major order, of which the first {@code shape.size()} are used; not copied
     * @return the tensor
     * @throws IllegalArgumentException if the array is shorter than the shape needs
     */
    public static Tensor constant(Shape shape, double... data) {
        return new Tensor(shape, data, null, null, 0);
    }

    /**
     * Returns the shape.
     *
     * @return the shape
     */
    public final Shape shape() {
        return shape;
    }

    /**
     * Returns the buffer itself, not a copy: what is written there changes this tensor.
     *
     * <p>Operations read their inputs again in {@link Tape#backward}; between recording and backward leave them alone, or
     * the gradients are those of other numbers.
     *
     * @return the numbers in row-major order: the first {@code shape().size()} elements of an array that may be longer
     * @throws IllegalStateException if the tape that owns the buffer was reset
     */
    public final double[] data() {
        checkNotStale();
        return data;
    }

    /**
     * Returns whether a gradient is kept for this tensor.
     *
     * @return false for constants, for results on an inference tape, and for results that depend on constants alone
     */
    public final boolean hasGrad() {
        return hasGrad;
    }

    /** Returns whether the gradient has a buffer, without which it is all zeros. */
    final boolean hasGradBuffer() {
        return grad != null;
    }

    /**
     * Returns the buffer of the gradient itself, laid out as {@link #data()}; operations add to it.
     *
     * @return the gradient of the loss with respect to this tensor, complete after {@link Tape#backward}
     * @throws IllegalStateException if no gradient is kept or if the tape that owns the buffer was reset
     */
    public final double[] grad() {
        checkNotStale();
        double[] buffer = grad;
        return buffer != null ? buffer : newGrad();
    }

    /** One buffer, also for several workers that come to a parameter of which no gradient was taken. */
    private synchronized double[] newGrad() {
        if (!hasGrad) {
            throw new IllegalStateException("tensor " + shape + " keeps no gradient: it is a constant, depends on"
                    + " constants alone, or was made on an inference tape; make it a Parameter or use Tape.training()");
        }
        double[] buffer = grad;
        if (buffer == null) {
            buffer = new double[shape.size()];
            grad = buffer;
        }
        return buffer;
    }

    /**
     * Returns the only number of a tensor with one element.
     *
     * @return the number
     * @throws IllegalStateException if there are more, or if the tape that owns the buffer was reset
     */
    public final double item() {
        if (shape.size() != 1) {
            throw new IllegalStateException(
                    "item: the tensor is " + shape + ", only a tensor with one element has an item");
        }
        return data()[0];
    }

    /**
     * Returns a copy of the numbers, which stays valid after the tape was reset.
     *
     * @return a new array of {@code shape().size()} elements
     */
    public final double[] toArray() {
        return Arrays.copyOf(data(), shape.size());
    }

    /** Refuses this tensor as an input of an operation on another tape, or after its tape was reset. */
    final void checkUsableOn(Tape user, Op op) {
        if (tape == null) {
            return;
        }
        if (tape != user) {
            throw new IllegalStateException(op.name() + ": an input " + shape
                    + " belongs to another tape; record all operations of one graph on one tape");
        }
        checkNotStale();
    }

    final void checkNotStale() {
        if (tape != null && tape.generation() != generation) {
            throw new IllegalStateException("tensor " + shape + " was used after its tape was reset, which gives its"
                    + " buffer to the next recording; copy what you need with toArray() before reset()");
        }
    }
}
