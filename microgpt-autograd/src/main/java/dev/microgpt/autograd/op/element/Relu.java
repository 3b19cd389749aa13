package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The rectified linear unit: {@code y = max(0, x)}.
 *
 * <p>Gradient: {@code dx = dy} where {@code x > 0}, otherwise 0; at the kink, {@code x = 0}, the derivative is defined
 * as 0. NaN remains NaN.
 */
public final class Relu extends ElementOp {
    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Relu(Tensor x) {
        super(x, 1);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(0.0, x[i]);
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = max(0, x)   ⇒   dx = dy where x > 0, or NaN: hence the test for x <= 0
        for (int i = from; i < to; i++) {
            // signs are random, so a branch would often be mispredicted; selecting an integer mask needs no branch
            long all = x[i] <= 0 ? 0L : -1L;
            dx[i] += Double.longBitsToDouble(Double.doubleToRawLongBits(dy[i]) & all);
        }
    }
}
