package dev.microgpt.autograd;

import java.util.List;

/**
 * A differentiable operation: one object is one application of it to its inputs.
 *
 * <p>The constructor takes the inputs and refuses those that do not fit, so that a tape never sees a wrong one. What
 * {@code backward} needs besides inputs and output is a field that {@code forward} sets. Give it to
 * {@link Tape#apply}; there is no registration.
 *
 * <p>Most operations extend {@link RowOp} or, for functions of single elements, {@link ElementOp}: these split large work
 * among threads. An operation that is one sum or one product implements this interface itself.
 */
public interface Op {
    /**
     * Returns the tensors that this operation reads, each once or more.
     *
     * @return the inputs, in the order of the constructor
     */
    List<Tensor> inputs();

    /**
     * Returns the shape of the output.
     *
     * @return the shape that {@code y} has in {@link #forward} and {@link #backward}
     */
    Shape shape();

    /**
     * Computes the output.
     *
     * @param tape gives kernels and {@linkplain Tape#buffer buffers}
     * @param y    the output; its numbers are undefined before and must all be written
     */
    void forward(Tape tape, Tensor y);

    /**
     * Adds this operation's part to the gradient of every input that {@linkplain Tensor#hasGrad() has one}.
     *
     * <p>Add, never assign: an input may be used by other operations too, or twice by this one.
     *
     * @param tape gives kernels and {@linkplain Tape#buffer buffers}
     * @param y    the output, with its numbers and its complete gradient; neither may be changed
     */
    void backward(Tape tape, Tensor y);

    /**
     * Returns what messages call this operation.
     *
     * @return by default the name of the class with a small first letter, such as {@code rmsNorm}
     */
    default String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "operation" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
