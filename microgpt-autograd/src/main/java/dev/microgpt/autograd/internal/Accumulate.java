package dev.microgpt.autograd.internal;

/** Additions to gradients that several operations share. */
public final class Accumulate {
    private Accumulate() {}

    /** Adds every row of a {@code (rows, columns)} matrix to {@code sum}, in order. */
    public static void rows(double[] matrix, int rows, int columns, double[] sum) {
        for (int t = 0; t < rows; t++) {
            for (int c = 0; c < columns; c++) {
                sum[c] += matrix[t * columns + c];
            }
        }
    }

    /** Adds a constant to the elements {@code from} (inclusive) to {@code to} (exclusive). */
    public static void constant(double number, double[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] += number;
        }
    }
}
