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

    /** Adds the elements {@code from} (inclusive) to {@code to} (exclusive) to those of {@code sum}. */
    public static void elements(double[] elements, double[] sum, int from, int to) {
        for (int i = from; i < to; i++) {
            sum[i] += elements[i];
        }
    }

    /** Adds a constant to the first {@code size} elements. */
    public static void constant(double number, double[] elements, int size) {
        for (int i = 0; i < size; i++) {
            elements[i] += number;
        }
    }
}
