package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Takes consecutive rows of a matrix: {@code y[t] = x[from + t]}.
 *
 * <p>Gradient: {@code dx[from + t] = dy[t]}; the other rows get nothing.
 */
public final class SliceRows extends RowOp {
    private final Tensor x;
    private final int start;
    private final int end;

    /**
     * Creates the operation.
     *
     * @param x    input, shape {@code (T, C)}
     * @param from the first row, at least 0
     * @param to   the row after the last, above {@code from} and at most {@code T}
     * @throws IllegalArgumentException if {@code x} is not a matrix or the range is empty or outside of it
     */
    public SliceRows(Tensor x, int from, int to) {
        this.x = x;
        this.start = from;
        this.end = to;
        Checks.matrix(this, "x", x);
        Parts.range(this, from, to, x.shape().rows(), x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return Shape.of(end - start, x.shape().columns());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        System.arraycopy(x.data(), (start + from) * columns, y.data(), from * columns, (to - from) * columns);
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        // y[t] = x[start + t]   ⇒   dx[start + t] = dy[t]
        kernels.axpy(1.0, y.grad(), from * columns, x.grad(), (start + from) * columns, (to - from) * columns);
    }
}
