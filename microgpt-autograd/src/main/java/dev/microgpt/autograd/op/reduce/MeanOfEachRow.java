package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;

/**
 * Averages each row: {@code y[t] = Σ_c x[t, c] / C}.
 *
 * <p>Gradient: {@code dx[t, c] = dy[t] / C}.
 */
public final class MeanOfEachRow extends Reduction {
    /**
     * Creates the operation.
     *
     * @param x input, shape {@code (T, C)}
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public MeanOfEachRow(Tensor x) {
        super(x, true);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        for (int t = from; t < to; t++) {
            y.data()[t] = kernels.sum(x.data(), t * columns, columns) / columns;
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = x.shape().columns();
        // y[t] = Σ x[t, c] / C   ⇒   dx[t, c] = dy[t] / C
        for (int t = from; t < to; t++) {
            Accumulate.constant(y.grad()[t] / columns, x.grad(), t * columns, (t + 1) * columns);
        }
    }
}
