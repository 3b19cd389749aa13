package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The squared rectified linear unit: {@code y = max(0, x)²}.
 *
 * <p>Gradient: {@code dx = dy · 2·max(0, x)}. NaN remains NaN.
 *
 * @see <a href="https://arxiv.org/abs/2109.08668">So et al., Primer: Searching for Efficient Transformers for Language
 *     Modeling, 2021</a>
 */
public final class ReluSquared extends ElementOp {
    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public ReluSquared(Tensor x) {
        super(x, 1);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            double positive = Math.max(0.0, x[i]);
            y[i] = positive * positive;
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = max(0, x)²   ⇒   dx = dy · 2·max(0, x)
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (2.0 * Math.max(0.0, x[i]));
        }
    }
}
