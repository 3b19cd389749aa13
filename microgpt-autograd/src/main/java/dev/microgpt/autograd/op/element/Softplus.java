package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.LogOnePlus;

/**
 * A smooth ReLU: {@code y = log(1 + eˣ)}, computed as {@code max(0, x) + log(1 + e)} with {@code e = exp(−|x|)}.
 *
 * <p>Gradient: {@code dx = dy · σ(x)} with {@code σ(x) = 1 / (1 + exp(−x))}. Nothing overflows, and small results keep
 * all their digits.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898718027">Higham, Accuracy and Stability of Numerical Algorithms, 2nd
 *     edition, 2002, section 1.14.1, for log(1 + e)</a>
 */
public final class Softplus extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    private double[] exp = {};

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Softplus(Tensor x) {
        super(x, 2 * WORK);
    }

    @Override
    protected void reserve(Tape tape) {
        exp = tape.buffer(items());
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        double[] e = exp;
        for (int i = from; i < to; i++) {
            y[i] = -Math.abs(x[i]);
        }
        kernels.exp(y, from, 0.0, e, from, to - from);
        LogOnePlus.of(kernels, e, y, from, to);
        for (int i = from; i < to; i++) {
            y[i] = Math.max(0.0, x[i]) + y[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        double[] e = exp;
        // y = log(1 + eˣ)   ⇒   dx = dy · σ(x),  which is 1 / (1 + e) or e / (1 + e)
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * ((x[i] < 0 ? e[i] : 1.0) / (1.0 + e[i]));
        }
    }
}
