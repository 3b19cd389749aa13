package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;
import java.util.Map;

/**
 * Picks elements of each row: {@code y[t, j] = x[t, indices[t, j]]}.
 *
 * <p>Gradient: {@code dx[t, indices[t, j]] += dy[t, j]} in the order of {@code j}; an element that is picked twice
 * receives both gradients.
 */
public final class Gather extends RowOp {
    private final Tensor x;
    private final int[] indices;

    /**
     * Creates the operation.
     *
     * @param x       input, shape {@code (T, C)}
     * @param indices the columns to pick, each from 0 to {@code C − 1}, row by row, the same number {@code n} for each:
     *     {@code T·n} in all; not copied and not to be modified until the tape is reset
     * @throws IllegalArgumentException if {@code x} is not a matrix, if the rows have no or unequal numbers of indices,
     *     or if an index is out of range
     */
    public Gather(Tensor x, int... indices) {
        this.x = x;
        this.indices = indices;
        Checks.matrix(this, "x", x);
        if (indices.length == 0 || indices.length % x.shape().rows() != 0) {
            throw new IllegalArgumentException("gather: x is " + x.shape() + " but the number of indices is "
                    + indices.length + "; each row needs the same number, at least one");
        }
        Checks.indices(this, "indices", indices, x.shape().columns(), "x", x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return Shape.of(x.shape().rows(), indices.length / x.shape().rows());
    }

    /** {@return {@code columns}, shape {@code (T, n)}: the indices} */
    @Override
    public Map<String, Tensor> details() {
        double[] columns = new double[indices.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = indices[i];
        }
        return Map.of("columns", Tensor.constant(shape(), columns));
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int picks = y.shape().columns();
        for (int t = from; t < to; t++) {
            int row = t * x.shape().columns();
            for (int i = t * picks; i < (t + 1) * picks; i++) {
                y.data()[i] = x.data()[row + indices[i]];
            }
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int picks = y.shape().columns();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y[t, j] = x[t, indices[t, j]]   ⇒   dx[t, indices[t, j]] += dy[t, j]
        for (int t = from; t < to; t++) {
            int row = t * x.shape().columns();
            for (int i = t * picks; i < (t + 1) * picks; i++) {
                dx[row + indices[i]] += dy[i];
            }
        }
    }
}
