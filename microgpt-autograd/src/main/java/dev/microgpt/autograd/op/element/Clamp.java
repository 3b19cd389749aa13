package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * Limits every element to a range: {@code y = min(max(x, min), max)}.
 *
 * <p>Gradient: {@code dx = dy} where {@code min ≤ x ≤ max}, edges included as in PyTorch, otherwise 0. NaN remains NaN.
 */
public final class Clamp extends ElementOp {
    private final double min;
    private final double max;

    /**
     * Creates the operation.
     *
     * @param x   input, any shape
     * @param min the smallest result, possibly {@code −∞}
     * @param max the largest result, at least {@code min}, possibly {@code +∞}
     * @throws IllegalArgumentException if {@code min} is above {@code max}, or if one of them is NaN
     */
    public Clamp(Tensor x, double min, double max) {
        super(x, 1);
        this.min = min;
        this.max = max;
        if (!(min <= max)) {
            throw new IllegalArgumentException(
                    name() + ": min is " + min + " and max is " + max + ", but min must be at most max");
        }
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.min(Math.max(x[i], min), max);
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        // y = min(max(x, min), max)   ⇒   dx = dy between the limits
        for (int i = from; i < to; i++) {
            dx[i] += x[i] < min || x[i] > max ? 0.0 : dy[i];
        }
    }
}
