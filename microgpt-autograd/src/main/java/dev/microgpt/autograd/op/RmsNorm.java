package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Scales each row to unit root mean square: {@code y = x / sqrt(mean(x²) + eps)}.
 *
 * <p>Gradient: {@code dx = r · (dy − y · mean(dy · y))} with {@code r = 1 / sqrt(mean(x²) + eps)}. With a gain, it is
 * {@link RmsNormGain}.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, Root Mean Square Layer Normalization, 2019</a>
 */
public final class RmsNorm extends RowOp {
    private final Tensor x;
    private final double eps;
    private double[] invRms = {};

    /**
     * Creates the operation.
     *
     * @param x   input, shape {@code (T, C)}; not modified
     * @param eps added to the mean square, dimensionless; must be positive (1e-5 in microgpt)
     * @throws IllegalArgumentException if {@code eps} is not positive and finite
     */
    public RmsNorm(Tensor x, double eps) {
        this.x = Checks.notNull(this, "x", x);
        this.eps = eps;
        Checks.positive(this, "eps", eps);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    /** {@return {@code factor}, shape {@code (T)}: what each row is multiplied by} */
    @Override
    public Map<String, Tensor> details() {
        return Map.of("factor", Tensor.constant(Shape.of(items()), Arrays.copyOf(invRms, items())));
    }

    @Override
    protected void reserve(Tape tape) {
        invRms = tape.buffer(items());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            double meanSquare = kernels.dot(x.data(), row, x.data(), row, columns) / columns;
            invRms[t] = 1.0 / Math.sqrt(meanSquare + eps);
            kernels.scale(invRms[t], x.data(), row, y.data(), row, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        double[] dy = y.grad();
        // y = x · r, r = (mean(x²) + eps)^(−1/2)   ⇒   dx = r · (dy − y · mean(dy · y))
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            double r = invRms[t];
            double mean = kernels.dot(dy, row, y.data(), row, columns) / columns;
            kernels.axpy(r, dy, row, x.grad(), row, columns);
            kernels.axpy(-r * mean, y.data(), row, x.grad(), row, columns);
        }
    }
}
