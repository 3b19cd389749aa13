package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Turns each row into probabilities: {@code y = exp(x) / Σ exp(x)}.
 *
 * <p>Gradient: {@code dx = y · (dy − Σ dy · y)}. The largest element of a row is subtracted before {@code exp}, which
 * therefore cannot overflow.
 */
public final class Softmax extends RowOp {
    /** Multiply-adds per element, most of them for its exponential. */
    private static final long WORK = 8;

    private final Tensor x;

    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     */
    public Softmax(Tensor x) {
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
    protected long backwardWork() {
        return shape().size();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        for (int row = from * columns; row < to * columns; row += columns) {
            kernels.softmax(x.data(), row, y.data(), row, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        double[] p = y.data();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y = exp(x) / Σ exp(x)   ⇒   dx = y · (dy − Σ dy · y)
        for (int row = from * columns; row < to * columns; row += columns) {
            kernels.softmaxGradient(1.0, p, row, dy, row, dx, row, columns, true);
        }
    }
}
