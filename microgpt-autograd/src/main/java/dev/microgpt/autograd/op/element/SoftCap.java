package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;

/**
 * Keeps numbers between {@code −c} and {@code c}, smoothly: {@code y = c·tanh(x / c)}.
 *
 * <p>Gradient: {@code dx = dy · (1 − (y / c)²)}. Near 0, {@code y} is nearly {@code x}.
 *
 * @see <a href="https://arxiv.org/abs/2408.00118">Gemma Team, Gemma 2: Improving Open Language Models at a Practical
 *     Size, 2024</a>
 */
public final class SoftCap extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 16;

    private final double cap;
    private double[] tanh = {};

    /**
     * Creates the operation.
     *
     * @param x   input, any shape
     * @param cap the limit {@code c} of the absolute value, positive and finite
     * @throws IllegalArgumentException if {@code cap} is 0, negative, infinite or NaN
     */
    public SoftCap(Tensor x, double cap) {
        super(x, WORK);
        this.cap = cap;
        Checks.positive(this, "cap", cap);
    }

    @Override
    protected void reserve(Tape tape) {
        tanh = tape.buffer(items());
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        double[] th = tanh;
        for (int i = from; i < to; i++) {
            y[i] = x[i] / cap;
        }
        kernels.tanh(y, from, th, from, to - from);
        kernels.scale(cap, th, from, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        double[] th = tanh;
        // y = c·tanh(x / c)   ⇒   dx = dy · (1 − tanh²(x / c))
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (1.0 - th[i] * th[i]);
        }
    }
}
