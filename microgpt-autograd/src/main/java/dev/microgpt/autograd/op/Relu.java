package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Replaces negative elements by zero: {@code y = max(0, x)}.
 *
 * <p>{@code dx = dy} where {@code x > 0}, else 0; at the kink, {@code x = 0}, the derivative is taken as 0. A NaN stays
 * a NaN.
 */
public final class Relu implements Op {
    private final Tensor x;

    /**
     * Prepares the function.
     *
     * @param x input
     */
    public Relu(Tensor x) {
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
        int size = y.shape().size();
        tape.kernels().parallel(size, size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                forward(x.data(), y.data(), from, to);
            }
        });
    }

    private static void forward(double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(0.0, x[i]);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int size = y.shape().size();
        tape.kernels().parallel(size, size, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                backward(x.data(), y.grad(), x.grad(), from, to);
            }
        });
    }

    private static void backward(double[] x, double[] dy, double[] dx, int from, int to) {
        // y = max(0, x)   ⇒   dx = dy where x > 0; "not at most 0" lets a NaN through
        for (int i = from; i < to; i++) {
            // signs come at random, so a branch is often mispredicted; a choice between integers is none
            long all = x[i] <= 0 ? 0L : -1L;
            dx[i] += Double.longBitsToDouble(Double.doubleToRawLongBits(dy[i]) & all);
        }
    }
}
