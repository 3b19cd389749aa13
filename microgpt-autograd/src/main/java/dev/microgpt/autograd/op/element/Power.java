package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;

/**
 * A power with a constant exponent: {@code y = xᵖ}.
 *
 * <p>Gradient: {@code dx = dy · p·xᵖ⁻¹}, and 0 if {@code p = 0}. A power of a negative number is NaN unless {@code p}
 * is an integer. Special cases are those of {@link StrictMath#pow}, which has the same bits on every machine.
 */
public final class Power extends ElementOp {
    /** Multiply-adds per element. */
    private static final int WORK = 64;

    private final double exponent;

    /**
     * Creates the operation.
     *
     * @param x        input, any shape
     * @param exponent the exponent {@code p}, which has no gradient
     * @throws IllegalArgumentException if the exponent is infinite or NaN
     */
    public Power(Tensor x, double exponent) {
        super(x, WORK);
        this.exponent = exponent;
        Checks.finite(this, "exponent", exponent);
    }

    @Override
    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = StrictMath.pow(x[i], exponent);
        }
    }

    @Override
    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        if (exponent == 0) {
            return;
        }
        // y = xᵖ   ⇒   dx = dy · p·xᵖ⁻¹
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (exponent * StrictMath.pow(x[i], exponent - 1.0));
        }
    }
}
