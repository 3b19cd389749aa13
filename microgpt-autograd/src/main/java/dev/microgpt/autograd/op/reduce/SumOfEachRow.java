package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;

/**
 * Adds up each row: {@code y[t] = Σ_c x[t, c]}.
 *
 * <p>Gradient: {@code dx[t, c] = dy[t]}.
 */
public final class SumOfEachRow extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public SumOfEachRow(Tensor x) {
        super(x, true);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        for (int t = from; t < to; t++) {
            y.data()[t] = kernels.sum(x.data(), t * columns, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        // y[t] = Σ x[t, c]   ⇒   dx[t, c] = dy[t]
        for (int t = from; t < to; t++) {
            Accumulate.constant(y.grad()[t], x.grad(), t * columns, (t + 1) * columns);
        }
    }
}
