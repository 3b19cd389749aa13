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

    /** A chunk of a thread. */
    private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[CHUNK]);

    private boolean differentiated;

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
        differentiated = tape.keepsGradients() && inputs().get(0).hasGrad();
    }

    @Override
    void forward(Kernels kernels, double[] x, double[] y, double[] slope, int from, int to) {
        int n = to - from;
        double[] scratch = SCRATCH.get();
        kernels.scale(INVERSE_SQRT_2, x, from, scratch, 0, n);
        kernels.erf(scratch, 0, y, from, n);
        if (!differentiated) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] * (0.5 * (1.0 + y[i]));
            }
            return;
        }
        for (int i = from; i < to; i++) {
            slope[i] = -0.5 * x[i] * x[i];
        }
        kernels.exp(slope, from, 0.0, scratch, 0, n);
        kernels.scale(INVERSE_SQRT_2_PI, scratch, 0, slope, from, n);
        // y = x·Φ(x)   ⇒   dx = dy · (Φ(x) + x·φ(x))
        for (int i = from; i < to; i++) {
            double phi = 0.5 * (1.0 + y[i]);
            y[i] = x[i] * phi;
            slope[i] = phi + x[i] * slope[i];
        }
    }
}
