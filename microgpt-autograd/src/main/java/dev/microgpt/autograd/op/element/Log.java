package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The natural logarithm: {@code y = log(x)}.
 *
 * <p>Gradient: {@code dx = dy / x}. At 0, {@code y} is {@code −∞}; of a negative number, NaN.
 */
public final class Log extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Log(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.log(x, from, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = log(x)   ⇒   dx = dy / x
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] / x[i];
        }
    }
}
