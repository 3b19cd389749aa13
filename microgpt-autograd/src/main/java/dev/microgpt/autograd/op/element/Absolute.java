package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The absolute value: {@code y = |x|}.
 *
 * <p>Gradient: {@code dx = dy · sign(x)}; at the kink, {@code x = 0}, the derivative is defined as 0, as in PyTorch.
 */
public final class Absolute extends ElementOp {
    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Absolute(Tensor x) {
        super(x, 1);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.abs(x[i]);
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = |x|   ⇒   dx = dy · sign(x)
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * Math.signum(x[i]);
        }
    }
}
