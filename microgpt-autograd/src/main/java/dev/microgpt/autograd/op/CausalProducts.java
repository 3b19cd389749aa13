package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;

/**
 * Products with a matrix of which row {@code i} ends after {@code past + i + 1} elements, as the probabilities of
 * causal attention do: what lies behind is not read, so a NaN there spoils nothing.
 *
 * <p>Rows come in strips. What all rows of a strip have is one product of whole matrices; the rest, a small triangle, is
 * added row by row. Each element is one chain over the inner index in ascending order, as if every row were multiplied
 * by itself.
 */
final class CausalProducts {
    private static final int STRIP = 8;

    private CausalProducts() {}

    /**
     * {@code C (+)= A·B}: row {@code i} of C is a sum over the first {@code past + i + 1} rows of B.
     *
     * <p>A has {@code m} rows, B has {@code past + m} rows of {@code n} columns, C has {@code m} rows of {@code n}.
     */
    static void nn(
            Kernels kernels,
            int m,
            int n,
            int past,
            double[] a,
            int a0,
            int aStride,
            double[] b,
            int b0,
            int bStride,
            double[] c,
            int c0,
            int cStride,
            boolean accumulate) {
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int shared = past + i;
            int ai = a0 + i * aStride;
            int ci = c0 + i * cStride;
            if (shared > 0) {
                kernels.matmulNN(rows, n, shared, a, ai, aStride, b, b0, bStride, c, ci, cStride, accumulate);
            }
            boolean add = accumulate || shared > 0;
            int bi = b0 + shared * bStride;
            for (int r = 0; r < rows; r++) {
                int ar = ai + r * aStride + shared;
                kernels.matmulNN(1, n, r + 1, a, ar, aStride, b, bi, bStride, c, ci + r * cStride, cStride, add);
            }
        }
    }

    /**
     * {@code C += Aᵀ·B}: row {@code u} of C is a sum over those rows of B whose row of A has an element {@code u}.
     *
     * <p>A has {@code m} rows, B has {@code m} rows of {@code n} columns, C has {@code past + m} rows of {@code n}.
     */
    static void addTN(
            Kernels kernels,
            int m,
            int n,
            int past,
            double[] a,
            int a0,
            int aStride,
            double[] b,
            int b0,
            int bStride,
            double[] c,
            int c0,
            int cStride) {
        if (past > 0) {
            kernels.matmulTN(past, n, m, a, a0, aStride, b, b0, bStride, c, c0, cStride, true);
        }
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int ai = a0 + i * aStride + past + i;
            int bi = b0 + i * bStride;
            int ci = c0 + (past + i) * cStride;
            for (int r = 0; r < rows; r++) {
                int ar = ai + r * aStride + r;
                int br = bi + r * bStride;
                kernels.matmulTN(1, n, rows - r, a, ar, aStride, b, br, bStride, c, ci + r * cStride, cStride, true);
            }
            int later = m - i - rows;
            if (later > 0) {
                int al = ai + rows * aStride;
                int bl = bi + rows * bStride;
                kernels.matmulTN(rows, n, later, a, al, aStride, b, bl, bStride, c, ci, cStride, true);
            }
        }
    }
}
