package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Turns each row into log-probabilities: {@code y = x − log(Σ exp(x))}.
 *
 * <p>Gradient: {@code dx = dy − exp(y) · Σ dy}. The largest element of a row is subtracted before {@code exp}, which
 * therefore cannot overflow, and the logarithm is never that of 0.
 */
public final class LogSoftmax extends RowOp {
    /** Multiply-adds per element, most of them for its exponential. */
    private static final long WORK = 8;

    private final Tensor x;
    private double[] logSum = {};
    private double[] p = {};

    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     */
    public LogSoftmax(Tensor x) {
        this.x = Checks.notNull(this, "x", x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    protected long work() {
        return WORK * shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        logSum = tape.buffer(shape().rows());
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        p = tape.buffer(shape().size());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        double[] in = x.data();
        double[] out = y.data();
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            double max = kernels.max(in, row, columns);
            kernels.exp(in, row, max, out, row, columns);
            logSum[t] = kernels.sum(out, row, columns);
            kernels.log(logSum, t, logSum, t, 1);
            for (int i = row; i < row + columns; i++) {
                out[i] = in[i] - max - logSum[t];
            }
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        double[] dx = x.grad();
        double[] dy = y.grad();
        kernels.exp(y.data(), from * columns, 0.0, p, from * columns, (to - from) * columns);
        // y = x − log(Σ exp(x))   ⇒   dx = dy − exp(y) · Σ dy
        for (int row = from * columns; row < to * columns; row += columns) {
            double sum = kernels.sum(dy, row, columns);
            for (int i = row; i < row + columns; i++) {
                dx[i] += dy[i] - p[i] * sum;
            }
        }
    }
}
