package dev.microgpt.autograd;

import dev.microgpt.autograd.internal.TensorArrays;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers with a shape and, optionally, a gradient: flat {@code double[]} buffers in row-major order.
 *
 * <p>A {@link Parameter} owns its buffers and lives as long as it is referenced. A {@linkplain #constant constant}
 * wraps an array of the caller and has no gradient. The result of an {@link Op} belongs to its {@link Tape}, which
 * reuses the buffers: it is valid until {@link Tape#reset()}, and using it later throws an
 * {@link IllegalStateException}.
 *
 * <p>Not thread-safe, except that any number of threads may read parameters and constants while no thread writes to
 * them.
 */
public sealed class Tensor permits Parameter {
    static {
        TensorArrays.set(new TensorArrays() {
            @Override
            public boolean areOwn(Tensor tensor) {
                return tensor.tape == null;
            }

            @Override
            public Runnable replace(Tensor tensor, double[] data, double @Nullable [] grad) {
                double[] dataBefore = tensor.data;
                double[] gradBefore = tensor.grad;
                tensor.data = data;
                tensor.grad = grad;
                return () -> {
                    tensor.data = dataBefore;
                    tensor.grad = gradBefore;
                };
            }
        });
    }

    /** The number of elements that {@link #toString} shows. */
    private static final int SHOWN = 6;

    private final Shape shape;
    private double[] data; // replaced by the gradient check alone
    private final boolean hasGrad;
    private double @Nullable [] grad; // made on first use
    private double @Nullable [] lent; // by the tape, for the gradient; contents undefined
    private final @Nullable Tape tape;
    private final int generation;
    private final @Nullable PackedMatrix packed; // instead of data

    /** Creates a result of a tape, which has a gradient if the tape lends an array for it. */
    Tensor(Shape shape, double[] data, double @Nullable [] lent, @Nullable Tape tape, int generation) {
        this(shape, data, lent != null, lent, tape, generation);
    }

    /** Creates a tensor on no tape, with a gradient of zeros that takes no memory until it is first used. */
    Tensor(Shape shape, double[] data) {
        this(shape, data, true, null, null, 0);
    }

    private Tensor(
            Shape shape,
            double[] data,
            boolean hasGrad,
            double @Nullable [] lent,
            @Nullable Tape tape,
            int generation) {
        if (data.length < shape.size()) {
            throw new IllegalArgumentException("tensor: shape " + shape + " needs " + shape.size()
                    + " numbers, but the array holds " + data.length);
        }
        this.shape = shape;
        this.data = data;
        this.hasGrad = hasGrad;
        this.lent = lent;
        this.tape = tape;
        this.generation = generation;
        this.packed = null;
    }

    /** Creates a tensor on no tape without a gradient. */
    Tensor(PackedMatrix packed) {
        this.shape = packed.shape();
        this.data = new double[0];
        this.hasGrad = false;
        this.tape = null;
        this.generation = 0;
        this.packed = packed;
    }

    /**
     * Returns a tensor that has its values as a packed matrix, for inference.
     *
     * <p>It has no gradient and belongs to no tape. {@link dev.microgpt.autograd.op.Linear} multiplies by it and
     * {@link dev.microgpt.autograd.op.Embedding} looks up its rows, on an inference tape; for all else it lacks the
     * array.
     *
     * @param matrix the values, shape {@code (out, in)}
     * @return the constant
     */
    public static Tensor packed(PackedMatrix matrix) {
        return new Tensor(matrix);
    }

    /**
     * Returns a tensor that wraps an array, has no gradient and belongs to no tape.
     *
     * @param shape the shape
     * @param data  the values in row-major order, of which the first {@code shape.size()} are used; not copied
     * @return the constant
     * @throws IllegalArgumentException if the array is shorter than the shape needs
     */
    public static Tensor constant(Shape shape, double... data) {
        return new Tensor(shape, data, null, null, 0);
    }

    /** {@return the shape} */
    public final Shape shape() {
        return shape;
    }

    /**
     * Returns the values: the buffer itself, not a copy.
     *
     * <p>Operations read their inputs again in {@link Tape#backward}. Do not modify an input between recording and
     * backward, or the gradients are computed from the modified values.
     *
     * @return the values in row-major order: the first {@code shape().size()} elements of an array that may be longer
     * @throws IllegalStateException if the tape that owns the buffer was reset, or if the values are
     *     {@linkplain #packed() packed}
     */
    public final double[] data() {
        checkNotStale();
        if (packed != null) {
            throw new IllegalStateException(
                    "tensor " + label() + " is packed for inference and has no array of numbers:"
                            + " only linear and embedding can read it; copy its values with toArray(), or load the"
                            + " model with load instead of loadForInference");
        }
        return data;
    }

    /** {@return the values as a packed matrix, or null if they are an array} */
    public final @Nullable PackedMatrix packed() {
        return packed;
    }

    /** {@return what a message calls this tensor: its shape, and the name of a parameter} */
    String label() {
        return shape.toString();
    }

    /**
     * Returns whether this tensor has a gradient.
     *
     * @return false for constants, for results on an inference tape, and for results that depend on constants only
     */
    public final boolean hasGrad() {
        return hasGrad;
    }

    /** Returns whether the gradient has a buffer; without one it is all zeros. */
    final boolean hasGradBuffer() {
        return grad != null;
    }

    /**
     * Returns the gradient: the buffer itself, laid out like {@link #data()}, to which operations add.
     *
     * @return the gradient of the loss with respect to this tensor, complete after {@link Tape#backward}
     * @throws IllegalStateException if there is no gradient or if the tape that owns the buffer was reset
     */
    public final double[] grad() {
        checkNotStale();
        double[] buffer = grad;
        return buffer != null ? buffer : newGrad();
    }

    /** Makes the gradient of a result, so that the parts of an operation may add to it. */
    final void makeLentGrad() {
        if (lent != null && grad == null) {
            Zeros.write(Kernels.active(), lent, shape.size());
            grad = lent;
        }
    }

    /** Makes a gradient of zeros once, even if several workers ask for that of a parameter at the same time. */
    private synchronized double[] newGrad() {
        if (!hasGrad) {
            throw new IllegalStateException("tensor " + label() + " has no gradient: "
                    + (packed == null
                            ? "it is a constant, depends on constants only, or is on an inference tape; make it a"
                                    + " Parameter or use Tape.training()"
                            : "it is packed for inference; load the model with load instead of loadForInference"));
        }
        makeLentGrad();
        double[] buffer = grad;
        if (buffer == null) {
            buffer = new double[shape.size()];
            grad = buffer;
        }
        return buffer;
    }

    /**
     * Returns the value of a tensor with one element, such as a loss.
     *
     * @return the only element
     * @throws IllegalStateException if there are several elements or if the tape that owns the buffer was reset
     */
    public final double item() {
        if (shape.size() != 1) {
            throw new IllegalStateException("item: the tensor is " + shape + ", but must have one element");
        }
        return data()[0];
    }

    /**
     * Returns a copy of the values, which stays valid after the tape is reset.
     *
     * @return a new array of {@code shape().size()} elements
     * @throws IllegalStateException if the tape that owns the buffer was reset
     */
    public final double[] toArray() {
        return packed == null ? Arrays.copyOf(data(), shape.size()) : packed.toArray();
    }

    /**
     * Returns the shape and the first numbers, with four digits each.
     *
     * @return a text such as {@code (2, 4) [0.1000, -2.000, 3.142e-08, 1.000, 0.000, NaN, …]}
     */
    @Override
    public String toString() {
        if (isStale()) {
            return shape + " [reset]";
        }
        if (packed != null) {
            return shape + " [packed " + packed.precision() + "]";
        }
        StringBuilder text = new StringBuilder(shape.toString()).append(" [");
        int shown = Math.min(SHOWN, shape.size());
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, "%.4g", data[i]));
        }
        return text.append(shape.size() > shown ? ", …]" : "]").toString();
    }

    /** Rejects this tensor as an input of an operation on another tape, or after its tape was reset. */
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

    /** Returns whether an operation on a tape may read this tensor now. */
    final boolean isUsableOn(Tape user) {
        return tape == null || tape == user && !isStale();
    }

    private boolean isStale() {
        return tape != null && tape.generation() != generation;
    }

    final void checkNotStale() {
        if (isStale()) {
            throw new IllegalStateException("tensor " + shape + " was used after its tape was reset, and its buffer"
                    + " belongs to the next recording; copy the values with toArray() before reset()");
        }
    }
}
