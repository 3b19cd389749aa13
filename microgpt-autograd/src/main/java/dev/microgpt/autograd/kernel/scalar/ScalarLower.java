package dev.microgpt.autograd.kernel.scalar;

/**
 * Products with a lower-triangular factor or result, in plain loops.
 *
 * <p>The columns that four rows share are one product; the small triangle at their end is handled separately. Each
 * element is one chain in ascending order, as if every row were multiplied on its own.
 */
public final class ScalarLower {
    private static final int FOUR = 4;

    private ScalarLower() {}

    /** {@code C (+)= A·B}, where row i of A ends after {@code past + i + 1} elements. */
    public static void nn(
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
        int columns = n & -FOUR;
        int i = 0;
        for (; i < m % FOUR; i++) { // the rows that do not fill a group of four are the shortest
            ProductTiles.row(n, past + i + 1, a, a0 + i * aRow, 1, b, b0, bStep, 1, c, c0 + i * cRow, accumulate);
        }
        for (; i < m; i += FOUR) {
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            for (int j = 0; j < columns; j += FOUR) {
                ScalarTriangle.nn(past + i, a, ai, aRow, b, b0 + j, bStep, c, ci + j, cRow, accumulate);
            }
            for (int r = 0; r < FOUR && columns < n; r++) {
                int length = past + i + r + 1;
                int cr = ci + r * cRow + columns;
                ProductTiles.row(
                        n - columns, length, a, ai + r * aRow, 1, b, b0 + columns, bStep, 1, c, cr, accumulate);
            }
        }
    }

    /** {@code C (+)= Aᵀ·B}, where row i of A ends after {@code past + i + 1} elements. */
    public static void tn(
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
        int whole = m & -FOUR;
        for (int i = 0; i < m; ) {
            int rows = i < whole ? FOUR : 1;
            int columns = i < whole ? n & -FOUR : 0;
            int ai = a0 + i * aStep + past + i;
            int bi = b0 + i * bStep;
            int ci = c0 + (past + i) * cRow;
            for (int j = 0; j < columns; j += FOUR) {
                ScalarTriangle.tn(m - i - FOUR, a, ai, aStep, b, bi + j, bStep, c, ci + j, cRow, accumulate);
            }
            for (int r = 0; r < rows && columns < n; r++) {
                int ar = ai + r * aStep + r;
                int br = bi + r * bStep + columns;
                int cr = ci + r * cRow + columns;
                ProductTiles.row(n - columns, m - i - r, a, ar, aStep, b, br, bStep, 1, c, cr, accumulate);
            }
            i += rows;
        }
    }

    /** {@code C = A·Bᵀ}, where row i is needed up to column {@code past + i}. */
    public static void ofNT(
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
        int rows = Math.min(FOUR, m);
        for (int end = rows; end < m + FOUR; end += FOUR) {
            int i = Math.min(end, m) - rows; // the last strip may recompute rows
            int n = past + i + rows;
            int whole = n < FOUR ? n : n & -FOUR;
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            ProductTiles.product(rows, whole, k, a, ai, aRow, 1, b, b0, 1, bColumn, c, ci, cRow, false);
            if (whole < n) { // and the last columns too
                int last = n - FOUR;
                int bj = b0 + last * bColumn;
                ProductTiles.product(rows, FOUR, k, a, ai, aRow, 1, b, bj, 1, bColumn, c, ci + last, cRow, false);
            }
        }
    }
}
