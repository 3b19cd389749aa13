package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Gives the elements another shape, in the same order: {@code y[i] = x[i]}.
 *
 * <p>Gradient: {@code dx[i] = dy[i]}. The elements are copied, so {@code y} is not a view of {@code x}.
 */
public final class Reshape extends RowOp {
    private final Tensor x;
    private final Shape shape;

    /**
     * Creates the operation.
     *
     * @param x     input, any shape
     * @param shape the shape of the output, of any rank, with as many elements
     * @throws IllegalArgumentException if the numbers of elements differ
     */
    public Reshape(Tensor x, Shape shape) {
        this.x = Checks.notNull(this, "x", x);
        this.shape = shape;
        if (x.shape().size() != shape.size()) {
            throw new IllegalArgumentException("reshape: x is " + x.shape() + " but the new shape is " + shape
                    + "; the numbers of elements must be equal (" + x.shape().size() + " and " + shape.size() + ")");
        }
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    protected int items() {
        return shape.size();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        System.arraycopy(x.data(), from, y.data(), from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        // y[i] = x[i]   ⇒   dx[i] = dy[i]
        kernels.axpy(1.0, y.grad(), from, x.grad(), from, to - from);
    }
}
