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

    /** Multiply-adds an element. */
    private static final long WORK = 16;

    private final Tensor x;
    private double[] cdf = {};

    /**
     * Prepares the function.
     *
     * @param x input
     */
    public Gelu(Tensor x) {
        this.x = Checks.given(this, "x", x);
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
        Kernels kernels = tape.kernels();
        int size = y.shape().size();
        double[] scaled = tape.buffer(size);
        cdf = tape.buffer(size);
        kernels.parallel(size, WORK * size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                forward(kernels, scaled, y.data(), from, to);
            }
        });
    }

    private void forward(Kernels kernels, double[] scaled, double[] y, int from, int to) {
        double[] in = x.data();
        double[] phi = cdf;
        kernels.scale(INVERSE_SQRT_2, in, from, scaled, from, to - from);
        kernels.erf(scaled, from, phi, from, to - from);
        for (int i = from; i < to; i++) {
            phi[i] = 0.5 * (1.0 + phi[i]);
            y[i] = in[i] * phi[i];
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        int size = y.shape().size();
        double[] exponent = tape.buffer(size);
        double[] exp = tape.buffer(size);
        kernels.parallel(size, WORK * size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                backward(kernels, exponent, exp, y.grad(), from, to);
            }
        });
    }

    private void backward(Kernels kernels, double[] exponent, double[] exp, double[] dy, int from, int to) {
        double[] in = x.data();
        double[] dx = x.grad();
        double[] phi = cdf;
        for (int i = from; i < to; i++) {
            exponent[i] = -0.5 * in[i] * in[i];
        }
        kernels.exp(exponent, from, 0.0, exp, from, to - from);
        // y = x·Φ(x)   ⇒   dx = dy · (Φ(x) + x·φ(x))
        for (int i = from; i < to; i++) {
            double density = INVERSE_SQRT_2_PI * exp[i];
            dx[i] += dy[i] * (phi[i] + in[i] * density);
        }
    }
}
