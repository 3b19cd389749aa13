package dev.microgpt.autograd.internal;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Shape;
import org.jspecify.annotations.Nullable;

/** Additions to gradients that several operations share. */
public final class Accumulate {
    private Accumulate() {}

    /** Adds every row of a {@code (rows, columns)} matrix to {@code sum}, in order. */
    public static void rows(Kernels kernels, double[] matrix, int rows, int columns, double[] sum) {
        for (int t = 0; t < rows; t++) {
            kernels.axpy(1.0, matrix, t * columns, sum, 0, columns); // 1·x + y is rounded like x + y
        }
    }

    /**
     * Adds the gradient of a norm with respect to its gain; threads divide the columns, because all rows add to each.
     *
     * @param x       the rows that were normalized, of shape {@code shape}
     * @param means   the mean of each row, or null for 0
     * @param factors the factor of each row
     * @param dy      the gradient of the result
     * @param dGain   the gradient of the gain
     */
    public static void gain(
            Kernels kernels,
            double[] x,
            Shape shape,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            double[] dGain) {
        int rows = shape.rows();
        int columns = shape.columns();
        kernels.parallel(columns, 2L * shape.size(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                kernels.normGainGradient(
                        rows, to - from, x, from, columns, means, factors, dy, from, columns, dGain, from);
            }
        });
    }

    /** Adds a constant to the elements {@code from} (inclusive) to {@code to} (exclusive). */
    public static void constant(double number, double[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] += number;
        }
    }
}
