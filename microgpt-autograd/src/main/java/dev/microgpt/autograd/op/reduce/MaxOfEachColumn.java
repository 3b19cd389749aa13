package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;

/**
 * Finds the largest element of each column: {@code y[c] = maxₜ x[t, c]}, or NaN if one is NaN.
 *
 * <p>Gradient: {@code dy[c]} goes to the first element with that value, as in PyTorch, otherwise 0.
 */
public final class MaxOfEachColumn extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public MaxOfEachColumn(Tensor x) {
        super(x, false);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().size();
        double[] max = y.data();
        Arrays.fill(max, from, to, Double.NEGATIVE_INFINITY);
        for (int row = 0; row < x.shape().size(); row += columns) {
            for (int c = from; c < to; c++) {
                max[c] = Math.max(max[c], x.data()[row + c]);
            }
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().size();
        // y[c] = x[t, c]   ⇒   dx[t, c] = dy[c]
        for (int c = from; c < to; c++) {
            x.grad()[Max.indexOf(y.data()[c], x.data(), c, columns)] += y.grad()[c];
        }
    }
}
