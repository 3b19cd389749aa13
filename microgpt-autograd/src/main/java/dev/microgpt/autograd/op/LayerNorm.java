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
    private double[] means = {};
    private double[] invStd = {};
    private double[] scratch = {};

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
        int columns = shape().columns();
        double[] normalized = new double[shape().size()];
        for (int i = 0; i < normalized.length; i++) {
            normalized[i] = (x.data()[i] - means[i / columns]) * invStd[i / columns];
        }
        Map<String, Tensor> details = new LinkedHashMap<>();
        details.put("factor", Tensor.constant(Shape.of(items()), Arrays.copyOf(invStd, items())));
        details.put("normalized", Tensor.constant(shape(), normalized));
        return details;
    }

    @Override
    protected long work() {
        return 2L * shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        means = tape.buffer(items());
        invStd = tape.buffer(items());
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        scratch = tape.buffer(2 * tape.kernels().threads() * shape().columns());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        int first = from * columns;
        double[] shifts = bias == null ? null : bias.data();
        kernels.norm(
                to - from, columns, eps, x.data(), first, gain.data(), shifts, y.data(), first, means, invStd, from);
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        int first = from * columns;
        // n = (x − mean(x)) · r, r = (var(x) + eps)^(−1/2)   ⇒   dx = r · (dn − mean(dn) − n · mean(dn · n))
        kernels.normGradient(
                to - from,
                columns,
                x.data(),
                first,
                gain.data(),
                means,
                invStd,
                from,
                y.grad(),
                first,
                x.grad(),
                first,
                scratch,
                2 * part * columns);
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        if (x.hasGrad()) {
            super.backward(tape, y);
        }
        // y = n · gain + bias   ⇒   dGain = Σₜ dy · n,  dBias = Σₜ dy
        if (gain.hasGrad()) {
            Accumulate.gain(tape.kernels(), x.data(), shape(), means, invStd, y.grad(), gain.grad());
        }
        if (bias != null && bias.hasGrad()) {
            Accumulate.rows(tape.kernels(), y.grad(), shape().rows(), shape().columns(), bias.grad());
        }
    }
}
