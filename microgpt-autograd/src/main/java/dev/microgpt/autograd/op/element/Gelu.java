package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * The Gaussian error linear unit: {@code y = x·Φ(x)} with {@code Φ(x) = (1 + erf(x/√2)) / 2}.
 *
 * <p>Gradient: {@code dx = dy · (Φ(x) + x·φ(x))} with the normal density {@code φ(x) = exp(−x²/2) / √(2π)}. GPT-2 was
 * trained with the approximation {@link GeluTanh}.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units, 2016</a>
 */
public final class Gelu extends ElementOp {
    private static final double INVERSE_SQRT_2 = 0.7071067811865476;
    private static final double INVERSE_SQRT_2_PI = 0.3989422804014327;

    /** Multiply-adds per element. */
    private static final int WORK = 16;

    private double[] scaled = {};
    private double[] cdf = {};
    private double[] exponent = {};
    private double[] exp = {};

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Gelu(Tensor x) {
        super(x, WORK);
    }

    @Override
    protected void reserve(Tape tape) {
        scaled = tape.buffer(items());
        cdf = tape.buffer(items());
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        exponent = tape.buffer(items());
        exp = tape.buffer(items());
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        double[] phi = cdf;
        kernels.scale(INVERSE_SQRT_2, x, from, scaled, from, to - from);
        kernels.erf(scaled, from, phi, from, to - from);
        for (int i = from; i < to; i++) {
            phi[i] = 0.5 * (1.0 + phi[i]);
            y[i] = x[i] * phi[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        double[] phi = cdf;
        double[] e = exp;
        for (int i = from; i < to; i++) {
            exponent[i] = -0.5 * x[i] * x[i];
        }
        kernels.exp(exponent, from, 0.0, e, from, to - from);
        // y = x·Φ(x)   ⇒   dx = dy · (Φ(x) + x·φ(x))
        for (int i = from; i < to; i++) {
            double density = INVERSE_SQRT_2_PI * e[i];
            dx[i] += dy[i] * (phi[i] + x[i] * density);
        }
    }
}
