package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Puts matrices next to each other: {@code y[t] = [a[t], b[t], …]}.
 *
 * <p>Gradients: {@code da}, {@code db}, … are the columns of {@code dy} at the same place.
 */
public final class ConcatenateColumns extends RowOp {
    private final List<Tensor> parts;
    private final int columns;

    /**
     * Creates the operation.
     *
     * @param parts the matrices from left to right, shapes {@code (T, C₁)}, {@code (T, C₂)}, …; at least one
     * @throws IllegalArgumentException if there are none, one is not a matrix, or the numbers of rows differ
     */
    public ConcatenateColumns(Tensor... parts) {
        this.parts = Parts.checked(this, parts);
        long total = 0;
        for (int i = 0; i < parts.length; i++) {
            Checks.matrix(this, "parts[" + i + "]", parts[i]);
            if (parts[i].shape().rows() != parts[0].shape().rows()) {
                throw Parts.misfit(this, i, this.parts, "the numbers of rows must be equal");
            }
            total += parts[i].shape().columns();
        }
        this.columns = Parts.total(this, "columns", total);
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    @Override
    public Shape shape() {
        return Shape.of(parts.get(0).shape().rows(), columns);
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int start = 0;
        for (Tensor x : parts) {
            int width = x.shape().columns();
            for (int t = from; t < to; t++) {
                System.arraycopy(x.data(), t * width, y.data(), t * columns + start, width);
            }
            start += width;
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int start = 0;
        // y[t] = [a[t], b[t], …]   ⇒   [da[t], db[t], …] = dy[t]
        for (Tensor x : parts) {
            int width = x.shape().columns();
            for (int t = from; t < to && x.hasGrad(); t++) {
                kernels.axpy(1.0, y.grad(), t * columns + start, x.grad(), t * width, width);
            }
            start += width;
        }
    }
}
