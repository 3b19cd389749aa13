package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The logistic function: {@code y = 1 / (1 + exp(−x))}, which no argument makes overflow.
 *
 * <p>Gradient: {@code dx = dy · y · (1 − y)}.
 */
public final class Sigmoid extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Sigmoid(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.sigmoid(x, from, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = σ(x)   ⇒   dx = dy · y · (1 − y)
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * y[i] * (1.0 - y[i]);
        }
    }
}
