package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * Multiplies every element by a constant: {@code y = factor · x}.
 *
 * <p>Gradient: {@code dx = factor · dy}.
 */
public final class Scale extends ElementOp {
    private final double factor;

    /**
     * Creates the operation.
     *
     * @param x      input, any shape
     * @param factor the constant, which has no gradient
     */
    public Scale(Tensor x, double factor) {
        super(x, 1);
        this.factor = factor;
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.scale(factor, x, from, y, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = factor · x   ⇒   dx = factor · dy
        kernels.axpy(factor, dy, from, dx, from, to - from);
    }
}
