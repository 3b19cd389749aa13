package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * Averages each column: {@code y[c] = Σₜ x[t, c] / T}.
 *
 * <p>Gradient: {@code dx[t, c] = dy[c] / T}.
 */
public final class MeanOfEachColumn extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public MeanOfEachColumn(Tensor x) {
        super(x, false);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        double[] mean = y.data();
        SumOfEachColumn.sum(x.data(), x.shape(), mean, from, to);
        int rows = x.shape().rows();
        for (int c = from; c < to; c++) {
            mean[c] /= rows;
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int rows = x.shape().rows();
        int columns = shape().size();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y[c] = Σₜ x[t, c] / T   ⇒   dx[t, c] = dy[c] / T
        for (int row = 0; row < x.shape().size(); row += columns) {
            for (int c = from; c < to; c++) {
                dx[row + c] += dy[c] / rows;
            }
        }
    }
}
