package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Turns each row into probabilities: {@code y = exp(x) / Σ exp(x)}.
 *
 * <p>{@code dx = y · (dy − Σ dy · y)}. The largest element of the row is subtracted first, so nothing overflows.
 */
public final class Softmax implements Op {
    private final Tensor x;

    /**
     * Prepares the function.
     *
     * @param x input, shape {@code (T, C)}
     */
    public Softmax(Tensor x) {
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
        int columns = shape().columns();
        for (int row = 0; row < shape().size(); row += columns) {
            tape.kernels().softmax(x.data(), row, y.data(), row, columns);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        int columns = shape().columns();
        double[] p = y.data();
        double[] dx = x.grad();
        double[] dy = y.grad();
        // y = exp(x) / Σ exp(x)   ⇒   dx = y · (dy − Σ dy · y)
        for (int row = 0; row < shape().size(); row += columns) {
            kernels.softmaxGradient(1.0, p, row, dy, row, dx, row, columns, true);
        }
    }
}
