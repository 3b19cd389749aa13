package dev.microgpt.autograd;

/**
 * Base class for operations that compute their output in independent items, by default its rows: large work is split
 * among threads, small work is not.
 *
 * <p>A subclass implements {@code forward} and {@code backward} for a range of items. Ranges run at the same time on
 * several threads, so a range writes only what belongs to its items and never adds to a sum that another range adds to.
 * The result then does not depend on the number of threads. A sum over all items belongs into an override of
 * {@link #forward(Tape, Tensor)} or {@link #backward(Tape, Tensor)} that calls the method of this class first.
 *
 * <pre>{@code
 * final class RowMax extends RowOp {                  // y[t] = max(x[t]), backward left out
 *     …
 *     protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
 *         int columns = x.shape().columns();
 *         for (int t = from; t < to; t++) {
 *             y.data()[t] = kernels.max(x.data(), t * columns, columns);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>For functions of single elements see {@link ElementOp}.
 */
public abstract class RowOp implements Op {
    /** Creates an operation; the subclass checks its inputs. */
    protected RowOp() {}

    /**
     * Returns the number of independent items, which is what threads share.
     *
     * @return by default the number of rows of the output
     */
    protected int items() {
        return shape().rows();
    }

    /**
     * Returns the work of {@code forward} over all items, which decides whether threads are worth it.
     *
     * @return multiply-adds, or elements read and written; by default the number of elements of the output
     */
    protected long work() {
        return shape().size();
    }

    /**
     * Returns the work of {@code backward} over all items.
     *
     * @return in the unit of {@link #work()}, which is the default
     */
    protected long backwardWork() {
        return work();
    }

    /**
     * Called once before {@code forward}, to {@linkplain Tape#buffer borrow} what all ranges fill or need.
     *
     * @param tape lends the buffers
     */
    protected void reserve(Tape tape) {}

    /**
     * Called once before {@code backward}, to {@linkplain Tape#buffer borrow} what it needs in addition.
     *
     * @param tape lends the buffers
     */
    protected void reserveForBackward(Tape tape) {}

    /**
     * Computes some items of the output.
     *
     * @param kernels the loops of this JVM
     * @param y       the output; all numbers of these items must be written
     * @param part    which range this is, from 0 to below {@link Kernels#threads()}: selects scratch memory of its own
     * @param from    the first item
     * @param to      the item after the last
     */
    protected abstract void forward(Kernels kernels, Tensor y, int part, int from, int to);

    /**
     * Adds what some items contribute to the gradient of every input that {@linkplain Tensor#hasGrad() has one}.
     *
     * @param kernels the loops of this JVM
     * @param y       the output, with its numbers and its complete gradient; neither may be changed
     * @param part    which range this is, from 0 to below {@link Kernels#threads()}: selects scratch memory of its own
     * @param from    the first item
     * @param to      the item after the last
     */
    protected abstract void backward(Kernels kernels, Tensor y, int part, int from, int to);

    @Override
    public void forward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        reserve(tape);
        // a class rather than a lambda, whose first use delays the start of a program by some 20 ms
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
        kernels.parallel(items(), backwardWork(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                backward(kernels, y, part, from, to);
            }
        });
    }
}
