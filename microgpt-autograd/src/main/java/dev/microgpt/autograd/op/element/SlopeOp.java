package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Base class for functions of single elements that compute their derivative together with their value:
 * {@code dx = dy · slope}.
 *
 * <p>{@code forward} takes its steps for a few hundred elements at a time, which stay in the first-level cache between
 * them. Only the derivatives are kept for {@code backward}.
 */
abstract class SlopeOp extends RowOp {
    /** Elements of four arrays that fit in 32 kB. */
    static final int CHUNK = 512;

    /** Multiply-adds per element. */
    private static final long WORK = 16;

    private final Tensor x;
    private double[] slope = {};

    SlopeOp(Tensor x) {
        this.x = Checks.notNull(this, "x", x);
    }

    @Override
    public final List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public final Shape shape() {
        return x.shape();
    }

    @Override
    protected final int items() {
        return x.shape().size();
    }

    @Override
    protected final long work() {
        return WORK * x.shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        slope = tape.buffer(items());
    }

    /**
     * Computes at most {@link #CHUNK} elements of {@code y} and {@code slope}, each of which may hold intermediate
     * results.
     */
    abstract void forward(Kernels kernels, double[] x, double[] y, double[] slope, int part, int from, int to);

    @Override
    protected final void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        for (int i = from; i < to; i += CHUNK) {
            forward(kernels, x.data(), y.data(), slope, part, i, Math.min(to, i + CHUNK));
        }
    }

    @Override
    protected final void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        double[] s = slope;
        double[] dy = y.grad();
        double[] dx = x.grad();
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * s[i];
        }
    }
}
