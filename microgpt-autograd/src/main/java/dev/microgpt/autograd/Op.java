package dev.microgpt.autograd;

import java.util.List;
import java.util.Map;

/**
 * A differentiable operation; each object is one application of it to its inputs.
 *
 * <p>The constructor receives the inputs and rejects those that do not fit, so a tape never sees an invalid operation.
 * Whatever {@code backward} needs besides inputs and output is a field that {@code forward} sets. To run an operation,
 * pass it to {@link Tape#apply}; there is no registration.
 *
 * <p>Most operations extend {@link RowOp} or, for functions of single elements, {@link ElementOp}: these split large
 * work among threads. An operation that is one sum or one product implements this interface itself.
 *
 * <p>An operation is used by the thread that uses its tape.
 */
public interface Op {
    /**
     * Returns the tensors that this operation reads.
     *
     * @return the inputs in the order of the constructor; a tensor that is used twice may appear twice
     */
    List<Tensor> inputs();

    /**
     * Returns the shape of the output.
     *
     * @return the shape of {@code y} in {@link #forward} and {@link #backward}
     */
    Shape shape();

    /**
     * Computes the output.
     *
     * @param tape provides kernels and {@linkplain Tape#buffer buffers}
     * @param y    the output, with undefined contents; every element must be written
     */
    void forward(Tape tape, Tensor y);

    /**
     * Adds this operation's contribution to the gradient of every input that {@linkplain Tensor#hasGrad() has one}.
     *
     * <p>Add, never assign: an input may also be used by other operations, or twice by this one.
     *
     * @param tape provides kernels and {@linkplain Tape#buffer buffers}
     * @param y    the output, with its values and its complete gradient; neither may be modified
     */
    void backward(Tape tape, Tensor y);

    /**
     * Returns what this operation computed on the way to its output, for readers who want to see how it did: the
     * probabilities of an attention, the factors of a norm. Nothing in training or generation calls it, so it may
     * compute them again.
     *
     * <p>Valid after {@link #forward}, until the tape is reset; the tensors are copies that stay valid.
     *
     * @return constants by name, in the order of computing; by default none
     */
    default Map<String, Tensor> details() {
        return Map.of();
    }

    /**
     * Returns the name of this operation in messages.
     *
     * @return by default the simple name of the class in lower camel case, such as {@code rmsNorm}
     */
    default String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "operation" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
