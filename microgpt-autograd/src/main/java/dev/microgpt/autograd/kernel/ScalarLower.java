package dev.microgpt.autograd.kernel;

/**
 * Products with a lower-triangular matrix, or whose result is one, by plain loops.
 *
 * <p>What all rows of a strip have is one product; the small triangle at its end goes row by row. Each element is one
 * chain in ascending order, as if every row were multiplied by itself.
 */
final class ScalarLower {
    /** Rows that are multiplied together by what they share. */
    private static final int STRIP = 4;

    private ScalarLower() {}

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
            // a strip that is not full goes row by row from the beginning
            int shared = rows < STRIP ? 0 : past + i;
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            if (shared > 0) {
                ProductTiles.product(rows, n, shared, a, ai, aRow, 1, b, b0, bStep, 1, c, ci, cRow, accumulate);
            }
            boolean add = accumulate || shared > 0;
            int bi = b0 + shared * bStep;
            for (int r = 0; r < rows; r++) {
                int length = past + i + r + 1 - shared;
                ProductTiles.row(n, length, a, ai + r * aRow + shared, 1, b, bi, bStep, 1, c, ci + r * cRow, add);
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
            ProductTiles.product(past, n, m, a, a0, 1, aStep, b, b0, bStep, 1, c, c0, cRow, accumulate);
        }
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int ai = a0 + i * aStep + past + i;
            int bi = b0 + i * bStep;
            int ci = c0 + (past + i) * cRow;
            for (int r = 0; r < rows; r++) {
                int ar = ai + r * aStep + r;
                ProductTiles.row(n, rows - r, a, ar, aStep, b, bi + r * bStep, bStep, 1, c, ci + r * cRow, accumulate);
            }
            int later = m - i - rows;
            if (later > 0) {
                ProductTiles.product(
                        rows,
                        n,
                        later,
                        a,
                        ai + rows * aStep,
                        1,
                        aStep,
                        b,
                        bi + rows * bStep,
                        bStep,
                        1,
                        c,
                        ci,
                        cRow,
                        true);
            }
        }
    }

    static void ofNT(
            int m,
            int k,
            int past,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bColumn,
            double[] c,
            int c0,
            int cRow) {
        for (int i = 0; i < m; i += STRIP) {
            int rows = Math.min(STRIP, m - i);
            int n = past + i + rows;
            int ai = a0 + i * aRow;
            ProductTiles.product(rows, n, k, a, ai, aRow, 1, b, b0, 1, bColumn, c, c0 + i * cRow, cRow, false);
        }
    }
}
