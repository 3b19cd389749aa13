package dev.microgpt.autograd;

/**
 * Base class for operations that compute their output in independent items, by default its rows: large work is split
 * among threads, small work is not.
 *
 * <p>A subclass implements {@code forward} and {@code backward} for a range of items;
 * {@link dev.microgpt.autograd.op.RmsNorm} is the model. Ranges run concurrently, so a range writes only what belongs
 * to its own items and never adds to a sum that another range adds to. The result then does not depend on the number of
 * threads. To add up something over all items, override {@link #forward(Tape, Tensor)} or
 * {@link #backward(Tape, Tensor)} and call the method of this class first.
 *
 * <p>For functions of single elements see {@link ElementOp}.
 */
public abstract class RowOp implements Op {
    /** Creates an operation; the subclass checks its inputs. */
    protected RowOp() {}

    /**
     * Returns the number of independent items, which are divided among threads.
     *
     * @return by default the number of rows of the output
     */
    protected int items() {
        return shape().rows();
    }

    /**
     * Returns the number of independent items of {@code backward}, if there are fewer because some items add to the
     * same gradients.
     *
     * @return by default {@link #items()}
     */
    protected int backwardItems() {
        return items();
    }

    /**
     * Returns the work of {@code forward} for all items; if it is small, one thread does it all.
     *
     * @return multiply-adds, or elements read and written; by default the number of elements of the output
     */
    protected long work() {
        return shape().size();
    }

    /**
     * Returns the work of {@code backward} for all items.
     *
     * @return multiply-adds, or elements read and written; by default {@link #work()}
     */
    protected long backwardWork() {
        return work();
    }

    /**
     * Borrows the {@linkplain Tape#buffer buffers} that {@code forward} needs; called once before the first range.
     *
     * @param tape lends the buffers
     */
    protected void reserve(Tape tape) {}

    /**
     * Borrows the {@linkplain Tape#buffer buffers} that only {@code backward} needs; called once before the first
     * range.
     *
     * @param tape lends the buffers
     */
    protected void reserveForBackward(Tape tape) {}

    /**
     * Computes some items of the output.
     *
     * @param kernels the loops of this JVM
     * @param y       the output; every element of these items must be written
     * @param part    index of this range, from 0 to {@code kernels.threads() - 1}, to select scratch memory of its own
     * @param from    the first item
     * @param to      the item after the last
     */
    protected abstract void forward(Kernels kernels, Tensor y, int part, int from, int to);

    /**
     * Adds the contribution of some items to the gradient of every input that {@linkplain Tensor#hasGrad() has one}.
     *
     * @param kernels the loops of this JVM
     * @param y       the output, with its values and its complete gradient; neither may be modified
     * @param part    index of this range, from 0 to {@code kernels.threads() - 1}, to select scratch memory of its own
     * @param from    the first item
     * @param to      the item after the last
     */
    protected abstract void backward(Kernels kernels, Tensor y, int part, int from, int to);

    @Override
    public void forward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        reserve(tape);
        // a class because the first lambda of a program delays its start by some 20 ms
        kernels.parallel(items(), work(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                forward(kernels, y, part, from, to);
            }
        });
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        reserveForBackward(tape);
        kernels.parallel(backwardItems(), backwardWork(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                backward(kernels, y, part, from, to);
            }
        });
    }
}
