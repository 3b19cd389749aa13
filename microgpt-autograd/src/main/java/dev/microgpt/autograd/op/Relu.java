package dev.microgpt.autograd.op;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * Replaces negative elements by zero: {@code y = max(0, x)}.
 *
 * <p>{@code dx = dy} where {@code x > 0}, else 0; at the kink, {@code x = 0}, the derivative is taken as 0. A NaN stays
 * a NaN.
 */
public final class Relu extends ElementOp {
    /**
     * Prepares the function.
     *
     * @param x input
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
        // y = max(0, x)   ⇒   dx = dy where x > 0; "not at most 0" lets a NaN through
        for (int i = from; i < to; i++) {
            // signs come at random, so a branch is often mispredicted; a choice between integers is none
            long all = x[i] <= 0 ? 0L : -1L;
            dx[i] += Double.longBitsToDouble(Double.doubleToRawLongBits(dy[i]) & all);
        }
    }
}
