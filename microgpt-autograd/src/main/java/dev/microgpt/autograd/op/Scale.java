package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Multiplies every element by one constant: {@code y = factor · x}.
 *
 * <p>{@code dx = factor · dy}.
 */
public final class Scale implements Op {
    private final Tensor x;
    private final double factor;

    /**
     * Prepares the product.
     *
     * @param x      input
     * @param factor the constant, which has no gradient
     */
    public Scale(Tensor x, double factor) {
        this.x = Checks.given(this, "x", x);
        this.factor = factor;
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
        tape.kernels().scale(factor, x.data(), 0, y.data(), 0, y.shape().size());
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = factor · x   ⇒   dx = factor · dy
        tape.kernels().axpy(factor, y.grad(), 0, x.grad(), 0, y.shape().size());
    }
}
