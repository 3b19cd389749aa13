package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Averages all {@code n} elements: {@code y = Σ x / n}.
 *
 * <p>Gradient: {@code dx = dy / n} for every element.
 */
public final class Mean implements Op {
    private final Tensor x;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Mean(Tensor x) {
        this.x = Checks.notNull(this, "x", x);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return Shape.scalar();
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        int n = x.shape().size();
        y.data()[0] = tape.kernels().sum(x.data(), 0, n) / n;
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int n = x.shape().size();
        // y = Σ x / n   ⇒   dx = dy / n
        Accumulate.constant(y.grad()[0] / n, x.grad(), 0, n);
    }
}
