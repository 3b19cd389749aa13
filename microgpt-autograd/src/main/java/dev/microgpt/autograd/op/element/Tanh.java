package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The hyperbolic tangent: {@code y = tanh(x)}.
 *
 * <p>Gradient: {@code dx = dy · (1 − y²)}.
 */
public final class Tanh extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Tanh(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.tanh(x, from, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = tanh(x)   ⇒   dx = dy · (1 − y²)
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (1.0 - y[i] * y[i]);
        }
    }
}
