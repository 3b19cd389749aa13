package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Scales each row to unit root mean square, then applies a gain: {@code y = n · gain} with
 * {@code n = x / sqrt(mean(x²) + eps)}.
 *
 * <p>Gradients, with {@code r = 1 / sqrt(mean(x²) + eps)} and {@code dn = dy · gain}:
 * {@code dx = r · (dn − n · mean(dn · n))}, {@code dGain = Σₜ dy · n}. The numbers are those of {@link RmsNorm} and
 * then {@link dev.microgpt.autograd.op.element.Multiply}, to the bit except for the sign of a zero; but {@code n} is
 * computed again from {@code x} and has no gradient in memory, which is less than half of the traffic.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, Root Mean Square Layer Normalization, 2019</a>
 */
public final class RmsNormGain extends RowOp {
    private final Tensor x;
    private final Tensor gain;
    private final double eps;
    private double[] invRms = {};
    private double[] scratch = {};

    /**
     * Creates the operation.
     *
     * @param x    input, shape {@code (T, C)}; not modified
     * @param gain factor for each column, shape {@code (C)}
     * @param eps  added to the mean square, dimensionless; must be positive (1e-5 in Llama 2)
     * @throws IllegalArgumentException if the shapes do not fit or {@code eps} is not positive and finite
     */
    public RmsNormGain(Tensor x, Tensor gain, double eps) {
        this.x = Checks.notNull(this, "x", x);
        this.gain = gain;
        this.eps = eps;
        Checks.row(this, "gain", gain, x.shape());
        Checks.positive(this, "eps", eps);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x, gain);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    /** {@return {@code factor}, shape {@code (T)}: what each row is multiplied by before the gain} */
    @Override
    public Map<String, Tensor> details() {
        return Map.of("factor", Tensor.constant(Shape.of(items()), Arrays.copyOf(invRms, items())));
    }

    @Override
    protected long work() {
        return 2L * shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        invRms = tape.buffer(items());
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        scratch = tape.buffer(2 * tape.kernels().threads() * shape().columns());
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        int first = from * columns;
        kernels.norm(to - from, columns, eps, x.data(), first, gain.data(), null, y.data(), first, null, invRms, from);
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        int first = from * columns;
        // n = x · r, r = (mean(x²) + eps)^(−1/2)   ⇒   dx = r · (dn − n · mean(dn · n))
        kernels.normGradient(
                to - from,
                columns,
                x.data(),
                first,
                gain.data(),
                null,
                invRms,
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
        // y = n · gain   ⇒   dGain = Σₜ dy · n
        if (gain.hasGrad()) {
            Accumulate.gain(tape.kernels(), x.data(), shape(), null, invRms, y.grad(), gain.grad());
        }
    }
}
