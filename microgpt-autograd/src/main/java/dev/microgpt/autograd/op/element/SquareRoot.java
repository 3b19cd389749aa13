package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The square root: {@code y = √x}.
 *
 * <p>Gradient: {@code dx = dy / 2y}, which is infinite at 0. Of a negative number, {@code y} is NaN.
 */
public final class SquareRoot extends ElementOp {
    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public SquareRoot(Tensor x) {
        super(x, 4);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.sqrt(x[i]);
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = √x   ⇒   dx = dy / 2y
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] / (2.0 * y[i]);
        }
    }
}
