package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * Base class for functions of single elements that compute their derivative together with their value:
 * {@code dx = dy · slope}.
 *
 * <p>{@code forward} takes its steps for a few hundred elements at a time, which stay in the first-level cache between
 * them. Only the derivatives are kept for {@code backward}.
 */
abstract class SlopeOp extends ElementOp {
    /** Elements of four arrays that fit in 32 kB. */
    static final int CHUNK = 512;

    /** Multiply-adds per element. */
    private static final int WORK = 16;

    private double[] slope = {};

    SlopeOp(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void reserve(Tape tape) {
        slope = tape.buffer(items());
    }

    /**
     * Computes at most {@link #CHUNK} elements of {@code y} and {@code slope}, each of which may hold intermediate
     * results.
     */
    abstract void forward(Kernels kernels, double[] x, double[] y, double[] slope, int from, int to);

    @Override
    protected final void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i += CHUNK) {
            forward(kernels, x, y, slope, i, Math.min(to, i + CHUNK));
        }
    }

    @Override
    protected final void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        double[] s = slope;
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * s[i];
        }
    }
}
