package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Finds the largest of all elements: {@code y = max x}, or NaN if one is NaN.
 *
 * <p>Gradient: {@code dy} goes to the first element with that value, otherwise 0. (PyTorch's {@code x.max()} divides it
 * among all of them; its {@code x.max(dim)} does not.)
 */
public final class Max implements Op {
    private final Tensor x;

    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Max(Tensor x) {
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
        y.data()[0] = tape.kernels().max(x.data(), 0, x.shape().size());
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = x[i]   ⇒   dx[i] = dy
        x.grad()[indexOf(y.data()[0], x.data(), 0, 1)] += y.grad()[0];
    }

    /** Returns the first index of a number, NaN included, which must be there. */
    static int indexOf(double max, double[] x, int from, int step) {
        int i = from;
        while (x[i] != max && !(Double.isNaN(max) && Double.isNaN(x[i]))) {
            i += step;
        }
        return i;
    }
}
