package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * GPT-2's tanh approximation of the Gaussian error linear unit: {@code y = x·(1 + tanh(u))/2} with
 * {@code u = √(2/π)·(x + 0.044715·x³)}.
 *
 * <p>Gradient: {@code dx = dy · ((1 + tanh(u))/2 + x·(1 − tanh²(u))/2 · √(2/π)·(1 + 3·0.044715·x²))}. The exact
 * function is {@link Gelu}; the two differ by up to 5e-4.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units, 2016</a>
 */
public final class GeluTanh extends SlopeOp {
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;
    private static final double CUBIC = 0.044715;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public GeluTanh(Tensor x) {
        super(x);
    }

    @Override
    void forward(Kernels kernels, double[] x, double[] y, double[] slope, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = SQRT_2_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
        }
        kernels.tanh(y, from, slope, from, to - from);
        // y = x·(1 + tanh(u))/2   ⇒   dx = dy · ((1 + tanh(u))/2 + x·(1 − tanh²(u))/2 · du/dx)
        for (int i = from; i < to; i++) {
            double th = slope[i];
            y[i] = 0.5 * x[i] * (1.0 + th);
            slope[i] = 0.5 * (1.0 + th)
                    + 0.5 * x[i] * (1.0 - th * th) * (SQRT_2_OVER_PI * (1.0 + 3.0 * CUBIC * x[i] * x[i]));
        }
    }
}
