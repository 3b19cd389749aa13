package dev.microgpt.autograd.kernel;

/**
 * Products with a lower-triangular matrix by tiles and rows of vectors, arranged as in {@link ScalarLower}.
 */
final class VectorLower {
    /** Rows that are multiplied together by what they share: enough that copying B into panels costs little. */
    private static final int STRIP = 32;

    private VectorLower() {}

    static void nn(
            int m,
            int n,
            int past,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int shared = past + i;
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            if (shared > 0) {
                VectorProducts.nn(rows, n, shared, a, ai, aRow, b, b0, bStep, c, ci, cRow, accumulate);
            }
            boolean add = accumulate || shared > 0;
            int bi = b0 + shared * bStep;
            for (int r = 0; r < rows; r++) {
                int length = past + i + r + 1 - shared;
                VectorRows.product(n, length, a, ai + r * aRow + shared, 1, b, bi, bStep, c, ci + r * cRow, add);
            }
        }
    }

    static void tn(
            int m,
            int n,
            int past,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (past > 0) {
            VectorProducts.tn(past, n, m, a, a0, aStep, b, b0, bStep, c, c0, cRow, accumulate);
        }
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int ai = a0 + i * aStep + past + i;
            int bi = b0 + i * bStep;
            int ci = c0 + (past + i) * cRow;
            for (int r = 0; r < rows; r++) {
                int ar = ai + r * aStep + r;
                VectorRows.product(n, rows - r, a, ar, aStep, b, bi + r * bStep, bStep, c, ci + r * cRow, accumulate);
            }
            int later = m - i - rows;
            if (later > 0) {
                VectorProducts.tn(
                        rows, n, later, a, ai + rows * aStep, aStep, b, bi + rows * bStep, bStep, c, ci, cRow, true);
            }
        }
    }
}
