package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * Finds the largest element of each row: {@code y[t] = max_c x[t, c]}, or NaN if one is NaN.
 *
 * <p>Gradient: {@code dy[t]} goes to the first element with that value, as in PyTorch, otherwise 0.
 */
public final class MaxOfEachRow extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public MaxOfEachRow(Tensor x) {
        super(x, true);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        for (int t = from; t < to; t++) {
            y.data()[t] = kernels.max(x.data(), t * columns, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        // y[t] = x[t, c]   ⇒   dx[t, c] = dy[t]
        for (int t = from; t < to; t++) {
            x.grad()[Max.indexOf(y.data()[t], x.data(), t * columns, 1)] += y.grad()[t];
        }
    }
}
