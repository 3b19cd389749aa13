package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Exchanges the rows and columns of a matrix: {@code y[c, t] = x[t, c]}.
 *
 * <p>Gradient: {@code dx[t, c] = dy[c, t]}.
 */
public final class Transpose extends RowOp {
    private final Tensor x;

    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it is not a matrix
     */
    public Transpose(Tensor x) {
        this.x = x;
        Checks.matrix(this, "x", x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return Shape.of(x.shape().columns(), x.shape().rows());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int rows = x.shape().rows();
        int columns = x.shape().columns();
        double[] elements = x.data();
        double[] transposed = y.data();
        for (int c = from; c < to; c++) {
            for (int t = 0; t < rows; t++) {
                transposed[c * rows + t] = elements[t * columns + c];
            }
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int rows = x.shape().rows();
        int columns = x.shape().columns();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y[c, t] = x[t, c]   ⇒   dx[t, c] = dy[c, t]
        for (int c = from; c < to; c++) {
            for (int t = 0; t < rows; t++) {
                dx[t * columns + c] += dy[c * rows + t];
            }
        }
    }
}
