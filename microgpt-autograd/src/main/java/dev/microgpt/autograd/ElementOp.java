package dev.microgpt.autograd;

import java.util.List;

/**
 * Base class for functions of single elements: {@code y[i] = f(x[i])}, {@code dx[i] += dy[i] · f′(x[i])}.
 *
 * <pre>{@code
 * final class Square extends ElementOp {                  // y = x²
 *     Square(Tensor x) {
 *         super(x, 1);
 *     }
 *
 *     protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
 *         for (int i = from; i < to; i++) {
 *             y[i] = x[i] * x[i];
 *         }
 *     }
 *
 *     // y = x²  ⇒  dx = dy · 2x
 *     protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
 *         for (int i = from; i < to; i++) {
 *             dx[i] += dy[i] * 2 * x[i];
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Large tensors are split among threads, as in every {@link RowOp}.
 */
public abstract class ElementOp extends RowOp {
    private final Tensor x;
    private final long work;

    /**
     * Creates a function of the elements of a tensor.
     *
     * @param x           input, any shape
     * @param elementWork work for one element, in multiply-adds: 1 for a sum or a product, 16 for a function such as
     *     {@code exp}; determines the size above which several threads are used
     * @throws NullPointerException if {@code x} is null
     */
    @SuppressWarnings("this-escape") // the name of an operation depends on its class alone
    protected ElementOp(Tensor x, int elementWork) {
        if (x == null) {
            throw new NullPointerException(name() + ": x is null");
        }
        this.x = x;
        this.work = (long) elementWork * x.shape().size();
    }

    @Override
    public final List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public final Shape shape() {
        return x.shape();
    }

    @Override
    protected final int items() {
        return x.shape().size();
    }

    @Override
    protected final long work() {
        return work;
    }

    /**
     * Computes some elements of the output.
     *
     * @param kernels the loops of this JVM
     * @param x       the input
     * @param y       the output, to be overwritten
     * @param from    index of the first element
     * @param to      index after the last
     */
    protected abstract void forward(Kernels kernels, double[] x, double[] y, int from, int to);

    /**
     * Adds to some elements of the input's gradient.
     *
     * @param kernels the loops of this JVM
     * @param x       the input
     * @param y       the output
     * @param dy      the gradient of the output
     * @param dx      the gradient of the input, to be added to
     * @param from    index of the first element
     * @param to      index after the last
     */
    protected abstract void backward(
            Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to);

    @Override
    protected final void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        forward(kernels, x.data(), y.data(), from, to);
    }

    @Override
    protected final void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        backward(kernels, x.data(), y.data(), y.grad(), x.grad(), from, to);
    }
}
