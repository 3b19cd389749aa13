package dev.microgpt.autograd.internal;

import dev.microgpt.autograd.Kernels;

/** Additions to gradients that several operations share. */
public final class Accumulate {
    private Accumulate() {}

    /** Adds every row of a {@code (rows, columns)} matrix to {@code sum}, in order. */
    public static void rows(Kernels kernels, double[] matrix, int rows, int columns, double[] sum) {
        for (int t = 0; t < rows; t++) {
            kernels.axpy(1.0, matrix, t * columns, sum, 0, columns); // 1·x + y is rounded like x + y
        }
    }

    /** Adds a constant to the elements {@code from} (inclusive) to {@code to} (exclusive). */
    public static void constant(double number, double[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] += number;
        }
    }
}
