package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shifts and scales each row to mean 0 and variance 1, then applies gain and bias:
 * {@code y = n · gain + bias} with {@code n = (x − mean(x)) / sqrt(var(x) + eps)}.
 *
 * <p>With {@code r = 1 / sqrt(var(x) + eps)} and {@code dn = dy · gain}: {@code dx = r · (dn − mean(dn) − n ·
 * mean(dn · n))}, {@code dGain = Σₜ dy · n}, {@code dBias = Σₜ dy}. The variance is that of the row itself (divided by
 * {@code C}).
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer Normalization, 2016</a>
 */
public final class LayerNorm implements Op {
    private final Tensor x;
    private final Tensor gain;
    private final @Nullable Tensor bias;
    private final double eps;
    private double[] normalized = {};
    private double[] invStd = {};

    /**
     * Prepares the norm.
     *
     * @param x    input, shape {@code (T, C)}; not modified
     * @param gain factor of each column, shape {@code (C)}
     * @param bias added to each column, shape {@code (C)}, or null for none
     * @param eps  added to the variance, dimensionless; must be positive (1e-5 in GPT-2)
     * @throws IllegalArgumentException if the shapes do not fit, or if {@code eps} is not positive or not finite
     */
    public LayerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, double eps) {
        this.x = x;
        this.gain = gain;
        this.bias = bias;
        this.eps = eps;
        Checks.row(this, "gain", gain, x.shape());
        if (bias != null) {
            Checks.row(this, "bias", bias, x.shape());
        }
        Checks.positive(this, "eps", eps);
    }

    @Override
    public List<Tensor> inputs() {
        return bias == null ? List.of(x, gain) : List.of(x, gain, bias);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        int columns = shape().columns();
        normalized = tape.buffer(shape().size());
        invStd = tape.buffer(shape().rows());
        for (int t = 0, row = 0; t < shape().rows(); t++, row += columns) {
            invStd[t] = normalize(tape.kernels(), row, columns);
            for (int c = 0; c < columns; c++) {
                double shift = bias == null ? 0.0 : bias.data()[c];
                y.data()[row + c] = Math.fma(normalized[row + c], gain.data()[c], shift);
            }
        }
    }

    /** Writes {@code n} of one row and returns its {@code r}. */
    private double normalize(Kernels kernels, int row, int columns) {
        double mean = kernels.sum(x.data(), row, columns) / columns;
        for (int i = row; i < row + columns; i++) {
            normalized[i] = x.data()[i] - mean;
        }
        double variance = kernels.dot(normalized, row, normalized, row, columns) / columns;
        double r = 1.0 / Math.sqrt(variance + eps);
        kernels.scale(r, normalized, row, normalized, row, columns);
        return r;
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int rows = shape().rows();
        int columns = shape().columns();
        if (x.hasGrad()) {
            backwardToInput(tape, y.grad(), rows, columns);
        }
        if (gain.hasGrad()) {
            for (int t = 0, row = 0; t < rows; t++, row += columns) {
                for (int c = 0; c < columns; c++) {
                    gain.grad()[c] = Math.fma(y.grad()[row + c], normalized[row + c], gain.grad()[c]);
                }
            }
        }
        if (bias != null && bias.hasGrad()) {
            Rows.addEach(y.grad(), rows, columns, bias.grad());
        }
    }

    private void backwardToInput(Tape tape, double[] dy, int rows, int columns) {
        Kernels kernels = tape.kernels();
        double[] dn = tape.buffer(columns);
        // n = (x − mean(x)) · r, r = (var(x) + eps)^(−1/2)   ⇒   dx = r · (dn − mean(dn) − n · mean(dn · n))
        for (int t = 0, row = 0; t < rows; t++, row += columns) {
            for (int c = 0; c < columns; c++) {
                dn[c] = dy[row + c] * gain.data()[c];
            }
            double mean = kernels.sum(dn, 0, columns) / columns;
            double meanProduct = kernels.dot(dn, 0, normalized, row, columns) / columns;
            for (int c = 0; c < columns; c++) {
                x.grad()[row + c] += invStd[t] * (dn[c] - mean - normalized[row + c] * meanProduct);
            }
        }
    }
}
