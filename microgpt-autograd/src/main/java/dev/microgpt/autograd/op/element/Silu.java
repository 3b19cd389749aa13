package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The sigmoid linear unit, also called swish: {@code y = x·σ(x)} with {@code σ(x) = 1 / (1 + exp(−x))}.
 *
 * <p>Gradient: {@code dx = dy · (σ(x) + y·(1 − σ(x)))}. As in PyTorch, {@code y} is NaN at {@code −∞}.
 *
 * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, 2017</a>
 */
public final class Silu extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    private double[] sigma = {};

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Silu(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void reserve(Tape tape) {
        sigma = tape.buffer(items());
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        double[] s = sigma;
        kernels.sigmoid(x, from, s, from, to - from);
        for (int i = from; i < to; i++) {
            y[i] = x[i] * s[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        double[] s = sigma;
        // y = x·σ(x), σ′ = σ·(1 − σ)   ⇒   dx = dy · (σ + y·(1 − σ))
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (s[i] + y[i] * (1.0 - s[i]));
        }
    }
}
