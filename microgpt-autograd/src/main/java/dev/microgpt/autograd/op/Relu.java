package dev.microgpt.autograd.op;

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
            out[i] = Math.max(0.0, in[i]);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        double[] in = x.data();
        double[] dx = x.grad();
        double[] dy = y.grad();
        int size = y.shape().size();
        // y = max(0, x)   ⇒   dx = dy where x > 0; "not at most 0" lets a NaN through
        for (int i = 0; i < size; i++) {
            dx[i] += in[i] <= 0 ? 0.0 : dy[i];
        }
    }
}
