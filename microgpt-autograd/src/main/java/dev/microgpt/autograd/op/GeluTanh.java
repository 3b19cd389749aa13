package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * GPT-2's form of the Gaussian error linear unit: {@code y = x·(1 + tanh(u))/2} with
 * {@code u = √(2/π)·(x + 0.044715·x³)}.
 *
 * <p>{@code dx = dy · ((1 + tanh(u))/2 + x·(1 − tanh²(u))/2 · √(2/π)·(1 + 3·0.044715·x²))}. The exact function is
 * {@link Gelu}; they differ by up to 5e-4.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units, 2016</a>
 */
public final class GeluTanh implements Op {
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;
    private static final double CUBIC = 0.044715;

    /** Multiply-adds an element. */
    private static final long WORK = 16;

    private final Tensor x;
    private double[] tanh = {};

    /**
     * Prepares the function.
     *
     * @param x input
     */
    public GeluTanh(Tensor x) {
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
        tanh = tape.buffer(size);
        kernels.parallel(size, WORK * size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                forward(kernels, x.data(), y.data(), tanh, from, to);
            }
        });
    }

    private static void forward(Kernels kernels, double[] x, double[] y, double[] tanh, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = SQRT_2_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
        }
        kernels.tanh(y, from, tanh, from, to - from);
        for (int i = from; i < to; i++) {
            y[i] = 0.5 * x[i] * (1.0 + tanh[i]);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int size = y.shape().size();
        tape.kernels().parallel(size, WORK * size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                backward(x.data(), y.grad(), tanh, x.grad(), from, to);
            }
        });
    }

    private static void backward(double[] x, double[] dy, double[] tanh, double[] dx, int from, int to) {
        // y = x·(1 + tanh(u))/2   ⇒   dx = dy · ((1 + tanh(u))/2 + x·(1 − tanh²(u))/2 · du/dx)
        for (int i = from; i < to; i++) {
            double slope = SQRT_2_OVER_PI * (1.0 + 3.0 * CUBIC * x[i] * x[i]);
            dx[i] += dy[i] * (0.5 * (1.0 + tanh[i]) + 0.5 * x[i] * (1.0 - tanh[i] * tanh[i]) * slope);
        }
    }
}
