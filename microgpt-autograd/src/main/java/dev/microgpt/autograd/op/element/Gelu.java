package dev.microgpt.autograd.op.element;

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
public final class Gelu extends SlopeOp {
    private static final double INVERSE_SQRT_2 = 0.7071067811865476;
    private static final double INVERSE_SQRT_2_PI = 0.3989422804014327;

    private boolean differentiated;
    private double[] scratch = {};

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Gelu(Tensor x) {
        super(x);
    }

    @Override
    protected void reserve(Tape tape) {
        super.reserve(tape);
        scratch = tape.buffer(tape.kernels().threads() * CHUNK);
        differentiated = tape.keepsGradients() && inputs().get(0).hasGrad();
    }

    @Override
    void forward(Kernels kernels, double[] x, double[] y, double[] slope, int part, int from, int to) {
        int n = to - from;
        int first = part * CHUNK;
        kernels.scale(INVERSE_SQRT_2, x, from, scratch, first, n);
        kernels.erf(scratch, first, y, from, n);
        if (!differentiated) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] * (0.5 * (1.0 + y[i]));
            }
            return;
        }
        for (int i = from; i < to; i++) {
            slope[i] = -0.5 * x[i] * x[i];
        }
        kernels.exp(slope, from, 0.0, scratch, first, n);
        kernels.scale(INVERSE_SQRT_2_PI, scratch, first, slope, from, n);
        // y = x·Φ(x)   ⇒   dx = dy · (Φ(x) + x·φ(x))
        for (int i = from; i < to; i++) {
            double phi = 0.5 * (1.0 + y[i]);
            y[i] = x[i] * phi;
            slope[i] = phi + x[i] * slope[i];
        }
    }
}
