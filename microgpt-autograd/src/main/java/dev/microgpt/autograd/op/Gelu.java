package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * The Gaussian error linear unit: {@code y = x·Φ(x)} with {@code Φ(x) = (1 + erf(x/√2)) / 2}.
 *
 * <p>{@code dx = dy · (Φ(x) + x·φ(x))} with the normal density {@code φ(x) = exp(−x²/2) / √(2π)}. If you need the form
 * that GPT-2 was trained with, use {@link GeluTanh}.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units, 2016</a>
 */
public final class Gelu implements Op {
    private static final double INVERSE_SQRT_2 = 0.7071067811865476;
    private static final double INVERSE_SQRT_2_PI = 0.3989422804014327;

    private final Tensor x;

    /**
     * Prepares the function.
     *
     * @param x input
     */
    public Gelu(Tensor x) {
        this.x = x;
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        double[] in = x.data();
        double[] out = y.data();
        int size = y.shape().size();
        erfOfScaled(tape, size, out);
        for (int i = 0; i < size; i++) {
            out[i] = 0.5 * in[i] * (1.0 + out[i]);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        double[] in = x.data();
        double[] dx = x.grad();
        double[] dy = y.grad();
        int size = y.shape().size();
        double[] erf = tape.buffer(size);
        erfOfScaled(tape, size, erf);
        double[] exponent = tape.buffer(size);
        for (int i = 0; i < size; i++) {
            exponent[i] = -0.5 * in[i] * in[i];
        }
        double[] exp = tape.buffer(size);
        tape.kernels().exp(exponent, 0, 0.0, exp, 0, size);
        // y = x·Φ(x)   ⇒   dx = dy · (Φ(x) + x·φ(x))
        for (int i = 0; i < size; i++) {
            double cdf = 0.5 * (1.0 + erf[i]);
            double density = INVERSE_SQRT_2_PI * exp[i];
            dx[i] += dy[i] * (cdf + in[i] * density);
        }
    }

    /** Writes {@code erf(x/√2)}. */
    private void erfOfScaled(Tape tape, int size, double[] out) {
        Kernels kernels = tape.kernels();
        double[] scaled = tape.buffer(size);
        kernels.scale(INVERSE_SQRT_2, x.data(), 0, scaled, 0, size);
        kernels.erf(scaled, 0, out, 0, size);
    }
}
