package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Adds up all elements: {@code y = Σ x}.
 *
 * <p>Gradient: {@code dx = dy} for every element.
 */
public final class Sum implements Op {
    private final Tensor x;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Sum(Tensor x) {
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
        y.data()[0] = tape.kernels().sum(x.data(), 0, x.shape().size());
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = Σ x   ⇒   dx = dy
        Accumulate.constant(y.grad()[0], x.grad(), 0, x.shape().size());
    }
}
