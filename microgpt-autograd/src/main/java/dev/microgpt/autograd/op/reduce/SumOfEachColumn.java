package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;

/**
 * Adds up each column, in the order of the rows: {@code y[c] = Σₜ x[t, c]}.
 *
 * <p>Gradient: {@code dx[t, c] = dy[c]}.
 */
public final class SumOfEachColumn extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public SumOfEachColumn(Tensor x) {
        super(x, false);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        sum(x.data(), x.shape(), y.data(), from, to);
    }

    /** Writes the sums of some columns. */
    static void sum(double[] x, Shape shape, double[] sum, int from, int to) {
        int columns = shape.columns();
        Arrays.fill(sum, from, to, 0.0);
        for (int row = 0; row < shape.size(); row += columns) {
            for (int c = from; c < to; c++) {
                sum[c] += x[row + c];
            }
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().size();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y[c] = Σₜ x[t, c]   ⇒   dx[t, c] = dy[c]
        for (int row = 0; row < x.shape().size(); row += columns) {
            for (int c = from; c < to; c++) {
                dx[row + c] += dy[c];
            }
        }
    }
}
