package dev.microgpt.autograd.op;

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

    private final Tensor x;
    private double[] tanh = {};

    /**
     * Prepares the function.
     *
     * @param x input
     */
    public GeluTanh(Tensor x) {
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
        for (int i = 0; i < size; i++) {
            out[i] = SQRT_2_OVER_PI * (in[i] + CUBIC * in[i] * in[i] * in[i]);
        }
        tanh = tape.buffer(size);
        tape.kernels().tanh(out, 0, tanh, 0, size);
        for (int i = 0; i < size; i++) {
            out[i] = 0.5 * in[i] * (1.0 + tanh[i]);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        double[] in = x.data();
        double[] dx = x.grad();
        double[] dy = y.grad();
        int size = y.shape().size();
        // y = x·(1 + tanh(u))/2   ⇒   dx = dy · ((1 + tanh(u))/2 + x·(1 − tanh²(u))/2 · du/dx)
        for (int i = 0; i < size; i++) {
            double slope = SQRT_2_OVER_PI * (1.0 + 3.0 * CUBIC * in[i] * in[i]);
            dx[i] += dy[i] * (0.5 * (1.0 + tanh[i]) + 0.5 * in[i] * (1.0 - tanh[i] * tanh[i]) * slope);
        }
    }
}
