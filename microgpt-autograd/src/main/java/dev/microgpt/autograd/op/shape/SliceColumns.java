package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Takes consecutive columns of a matrix: {@code y[t, c] = x[t, from + c]}.
 *
 * <p>Gradient: {@code dx[t, from + c] = dy[t, c]}; the other columns get nothing.
 */
public final class SliceColumns extends RowOp {
    private final Tensor x;
    private final int start;
    private final int end;

    /**
     * Creates the operation.
     *
     * @param x    input, shape {@code (T, C)}
     * @param from the first column, at least 0
     * @param to   the column after the last, above {@code from} and at most {@code C}
     * @throws IllegalArgumentException if {@code x} is not a matrix or the range is empty or outside of it
     */
    public SliceColumns(Tensor x, int from, int to) {
        this.x = x;
        this.start = from;
        this.end = to;
        Checks.matrix(this, "x", x);
        Parts.range(this, from, to, x.shape().columns(), x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return Shape.of(x.shape().rows(), end - start);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = end - start;
        for (int t = from; t < to; t++) {
            System.arraycopy(x.data(), t * x.shape().columns() + start, y.data(), t * columns, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = end - start;
        // y[t, c] = x[t, start + c]   ⇒   dx[t, start + c] = dy[t, c]
        for (int t = from; t < to; t++) {
            kernels.axpy(1.0, y.grad(), t * columns, x.grad(), t * x.shape().columns() + start, columns);
        }
    }
}
