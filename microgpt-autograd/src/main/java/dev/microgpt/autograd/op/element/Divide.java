package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Tensor;

/**
 * Divides two tensors element by element: {@code y = a / b}; {@code b} may be a row or a column.
 *
 * <p>Gradients: {@code da = dy / b}; {@code db = −dy · y / b}.
 * If {@code b} is a row or a column, {@code db} is summed over what its element was used for. Division by
 * 0 gives {@code ±∞} or NaN, as everywhere.
 */
public final class Divide extends PairOp {
    /**
     * Creates the operation.
     *
     * @param a dividend, any shape of {@code T} rows and {@code C} columns
     * @param b divisor, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @throws IllegalArgumentException if {@code b} has another shape
     */
    public Divide(Tensor a, Tensor b) {
        super(a, b);
    }

    @Override
    void forward(double[] a, double[] b, double[] y, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] / b[i - shift];
        }
    }

    @Override
    void addToA(double[] a, double[] b, double[] y, double[] dy, double[] da, int from, int to, int shift) {
        // y = a / b   ⇒   da = dy / b,  db = −dy · a / b² = −dy · y / b
        for (int i = from; i < to; i++) {
            da[i] += dy[i] / b[i - shift];
        }
    }

    @Override
    void addToB(double[] a, double[] b, double[] y, double[] dy, double[] db, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            db[i - shift] -= dy[i] * (y[i] / b[i - shift]);
        }
    }
}
