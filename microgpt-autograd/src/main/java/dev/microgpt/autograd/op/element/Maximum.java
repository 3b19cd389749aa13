package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Tensor;

/**
 * Takes the larger of two elements: {@code y = max(a, b)}; {@code b} may be a row or a column.
 *
 * <p>Gradients: {@code dy} goes to the larger one; if both are equal, each gets half of it, as in PyTorch. NaN remains
 * NaN, and then both get {@code dy}.
 * If {@code b} is a row or a column, {@code db} is summed over what its element was used for.
 */
public final class Maximum extends PairOp {
    /**
     * Creates the operation.
     *
     * @param a first operand, any shape of {@code T} rows and {@code C} columns
     * @param b second operand, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @throws IllegalArgumentException if {@code b} has another shape
     */
    public Maximum(Tensor a, Tensor b) {
        super(a, b);
    }

    @Override
    void forward(double[] a, double[] b, double[] y, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(a[i], b[i - shift]);
        }
    }

    @Override
    void addToA(double[] a, double[] b, double[] y, double[] dy, double[] da, int from, int to, int shift) {
        // y = max(a, b)   ⇒   da = dy if a is the larger one,  db = dy if b is
        for (int i = from; i < to; i++) {
            da[i] += share(dy[i], a[i], b[i - shift]);
        }
    }

    @Override
    void addToB(double[] a, double[] b, double[] y, double[] dy, double[] db, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            db[i - shift] += share(dy[i], b[i - shift], a[i]);
        }
    }

    /** Returns what the operand of value {@code mine} gets of a gradient. */
    static double share(double dy, double mine, double other) {
        if (mine < other) {
            return 0.0;
        }
        return mine == other ? 0.5 * dy : dy;
    }
}
