package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes each row to mean 0 and variance 1, then applies a gain and a bias: {@code y = n · gain + bias} with
 * {@code n = (x − mean(x)) / sqrt(var(x) + eps)}.
 *
 * <p>Gradients, with {@code r = 1 / sqrt(var(x) + eps)} and {@code dn = dy · gain}:
 * {@code dx = r · (dn − mean(dn) − n · mean(dn · n))}, {@code dGain = Σₜ dy · n}, {@code dBias = Σₜ dy}. The variance
 * is the biased one, divided by {@code C}.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer Normalization, 2016</a>
 */
public final class LayerNorm extends RowOp {
    private final Tensor x;
    private final Tensor gain;
    private final @Nullable Tensor bias;
    private final double eps;
    private double[] normalized = {};
    private double[] invStd = {};
    private double[] dNormalized = {};

    /**
     * Creates the operation.
     *
     * @param x    input, shape {@code (T, C)}; not modified
     * @param gain factor for each column, shape {@code (C)}
     * @param bias summand for each column, shape {@code (C)}, or null for none
     * @param eps  added to the variance, dimensionless; must be positive (1e-5 in GPT-2)
     * @throws IllegalArgumentException if the shapes do not fit or {@code eps} is not positive and finite
     */
    public LayerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, double eps) {
        this.x = Checks.notNull(this, "x", x);
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

    /**
     * {@return {@code factor}, shape {@code (T)}: what each row, less its mean, is multiplied by; and
     * {@code normalized}, shape {@code (T, C)}: the result, before gain and bias}
     */
    @Override
    public Map<String, Tensor> details() {
        Map<String, Tensor> details = new LinkedHashMap<>();
        details.put("factor", Tensor.constant(Shape.of(items()), Arrays.copyOf(invStd, items())));
        details.put("normalized", Tensor.constant(shape(), Arrays.copyOf(normalized, shape().size())));
        return details;
    }

    @Override
    protected long work() {
        return 2L * shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        normalized = tape.buffer(shape().size());
        invStd = tape.buffer(items());
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        dNormalized = tape.buffer(tape.kernels().threads() * shape().columns());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            invStd[t] = normalize(kernels, x.data(), normalized, row, columns);
            applyGainAndBias(normalized, y.data(), row, columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        int scratch = part * columns;
        double[] dy = y.grad();
        double[] dx = x.grad();
        double[] dn = dNormalized;
        double[] factors = gain.data();
        double[] n = normalized;
        // n = (x − mean(x)) · r, r = (var(x) + eps)^(−1/2)   ⇒   dx = r · (dn − mean(dn) − n · mean(dn · n))
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            for (int c = 0; c < columns; c++) {
                dn[scratch + c] = dy[row + c] * factors[c];
            }
            double mean = kernels.sum(dn, scratch, columns) / columns;
            double meanProduct = kernels.dot(dn, scratch, n, row, columns) / columns;
            double r = invStd[t];
            for (int c = 0; c < columns; c++) {
                dx[row + c] += r * (dn[scratch + c] - mean - n[row + c] * meanProduct);
            }
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int rows = shape().rows();
        int columns = shape().columns();
        if (x.hasGrad()) {
            super.backward(tape, y);
        }
        // y = n · gain + bias   ⇒   dGain = Σₜ dy · n,  dBias = Σₜ dy, on one thread because all rows add to them
        if (gain.hasGrad()) {
            addProducts(y.grad(), normalized, rows, columns, gain.grad());
        }
        if (bias != null && bias.hasGrad()) {
            Accumulate.rows(y.grad(), rows, columns, bias.grad());
        }
    }

    /** Writes one row of {@code n} and returns its {@code r}. */
    private double normalize(Kernels kernels, double[] x, double[] n, int row, int columns) {
        double mean = kernels.sum(x, row, columns) / columns;
        for (int i = row; i < row + columns; i++) {
            n[i] = x[i] - mean;
        }
        double variance = kernels.dot(n, row, n, row, columns) / columns;
        double r = 1.0 / Math.sqrt(variance + eps);
        kernels.scale(r, n, row, n, row, columns);
        return r;
    }

    private void applyGainAndBias(double[] n, double[] y, int row, int columns) {
        double[] factors = gain.data();
        if (bias == null) {
            for (int c = 0; c < columns; c++) {
                y[row + c] = Math.fma(n[row + c], factors[c], 0.0);
            }
            return;
        }
        double[] shifts = bias.data();
        for (int c = 0; c < columns; c++) {
            y[row + c] = Math.fma(n[row + c], factors[c], shifts[c]);
        }
    }

    private static void addProducts(double[] dy, double[] n, int rows, int columns, double[] dGain) {
        for (int t = 0, row = 0; t < rows; t++, row += columns) {
            for (int c = 0; c < columns; c++) {
                dGain[c] = Math.fma(dy[row + c], n[row + c], dGain[c]);
            }
        }
    }
}
