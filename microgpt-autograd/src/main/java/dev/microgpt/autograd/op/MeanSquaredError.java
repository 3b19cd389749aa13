package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * The mean of the squared differences of all {@code n} elements: {@code y = Σ (x − target)² / n}.
 *
 * <p>Gradients: {@code dx = 2 · (x − target) · dy / n}; {@code dTarget = −dx}.
 */
public final class MeanSquaredError extends RowOp {
    private final Tensor x;
    private final Tensor target;
    private double[] difference = {};

    /**
     * Creates the operation.
     *
     * @param x      the predictions, any shape
     * @param target what they should be, with the shape of {@code x}
     * @throws IllegalArgumentException if the shapes differ
     */
    public MeanSquaredError(Tensor x, Tensor target) {
        this.x = x;
        this.target = target;
        Checks.sameShape(this, "x", x, "target", target);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x, target);
    }

    @Override
    public Shape shape() {
        return Shape.scalar();
    }

    @Override
    protected int items() {
        return x.shape().size();
    }

    @Override
    protected long work() {
        return items();
    }

    @Override
    protected void reserve(Tape tape) {
        difference = tape.buffer(items());
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        super.forward(tape, y);
        y.data()[0] = tape.kernels().dot(difference, 0, difference, 0, items()) / items();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        double[] predicted = x.data();
        double[] wanted = target.data();
        for (int i = from; i < to; i++) {
            difference[i] = predicted[i] - wanted[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        double slope = 2.0 * y.grad()[0] / items();
        // y = Σ (x − target)² / n   ⇒   dx = 2 · (x − target) · dy / n,  dTarget = −dx
        if (x.hasGrad()) {
            kernels.axpy(slope, difference, from, x.grad(), from, to - from);
        }
        if (target.hasGrad()) {
            kernels.axpy(-slope, difference, from, target.grad(), from, to - from);
        }
    }
}
