package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The exponential: {@code y = eˣ}.
 *
 * <p>Gradient: {@code dx = dy · y}. Above 709.78, {@code y} is {@code +∞}.
 */
public final class Exp extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Exp(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.exp(x, from, 0.0, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = eˣ   ⇒   dx = dy · y
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * y[i];
        }
    }
}
