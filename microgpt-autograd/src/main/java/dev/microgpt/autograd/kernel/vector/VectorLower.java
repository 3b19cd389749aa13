package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.BLOCK_COLUMNS;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.BLOCK_STEPS;
import static dev.microgpt.autograd.kernel.vector.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

/**
 * Products with a lower-triangular factor or result, in register tiles.
 *
 * <p>B is copied into panels once. A group of rows as high as a tile is multiplied by the part that all its rows share;
 * the small triangles that remain at the diagonal go to {@link VectorTriangle} and {@link VectorRows}.
 */
final class VectorLower {
    /** The rows of {@link VectorTriangle}. */
    private static final int FOUR = 4;

    private VectorLower() {}

    /** {@code C (+)= A·B}, where row i of A ends after {@code past + i + 1} elements. */
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
        double[] panels = Workspace.ofThread().panels(BLOCK_STEPS * BLOCK_COLUMNS);
        int shared = past + (m - 1) / HEIGHT * HEIGHT; // columns shared by the rows of the last group
        for (int p = 0; p < shared; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, shared - p);
            int first = Math.max(0, p - past + 1); // the first group that shares more than p columns
            first += (HEIGHT - first % HEIGHT) % HEIGHT;
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p * bStep, bStep, 1, panels);
                for (int i = first; i < m; i += HEIGHT) {
                    int rows = Math.min(HEIGHT, m - i);
                    int k = Math.min(steps, past + i - p);
                    int ai = a0 + i * aRow + p;
                    int ci = c0 + i * cRow;
                    for (int jp = j, panel = 0; jp < end; jp += WIDTH, panel += steps * WIDTH) {
                        int jj = Math.min(jp, n - WIDTH);
                        VectorTile.rows(rows, jp - jj, k, a, ai, aRow, panels, panel, c, ci + jj, cRow, add);
                    }
                }
            }
        }
        for (int i = 0; i < m; ) {
            int from = past + i / HEIGHT * HEIGHT;
            int before = past + i - from;
            int ai = a0 + i * aRow + from;
            int bi = b0 + from * bStep;
            int ci = c0 + i * cRow;
            boolean add = accumulate || from > 0;
            int columns = m - i < FOUR ? 0 : n - n % LENGTH;
            int rows = columns == 0 ? 1 : FOUR;
            if (columns > 0) {
                VectorTriangle.nn(columns, before, a, ai, aRow, b, bi, bStep, c, ci, cRow, add);
            }
            for (int r = 0; r < rows && columns < n; r++) {
                int row = ai + r * aRow;
                int cr = ci + r * cRow + columns;
                VectorRows.product(n - columns, before + r + 1, a, row, 1, b, bi + columns, bStep, c, cr, add);
            }
            i += rows;
        }
    }

    /** {@code C (+)= Aᵀ·B}, where row i of A ends after {@code past + i + 1} elements. */
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
            VectorProducts.product(past, n, m, a, a0, 1, aStep, b, b0, bStep, 1, c, c0, cRow, accumulate);
        }
        int triangle = a0 + past;
        int ct = c0 + past * cRow;
        for (int p = 0; p < m; p += BLOCK_STEPS) {
            int last = Math.min(m, p + BLOCK_STEPS);
            for (int u = p; u < last; ) {
                int end = Math.min(last, u / HEIGHT * HEIGHT + HEIGHT);
                int au = triangle + u * aStep + u;
                int bu = b0 + u * bStep;
                int cu = ct + u * cRow;
                int columns = end - u < FOUR ? 0 : n - n % LENGTH;
                int rows = columns == 0 ? 1 : FOUR;
                if (columns > 0) {
                    int later = end - u - FOUR;
                    VectorTriangle.tn(columns, later, a, au, aStep, b, bu, bStep, c, cu, cRow, accumulate);
                }
                for (int r = 0; r < rows && columns < n; r++) {
                    int ar = au + r * aStep + r;
                    int br = bu + r * bStep + columns;
                    int cr = cu + r * cRow + columns;
                    VectorRows.product(n - columns, end - u - r, a, ar, aStep, b, br, bStep, c, cr, accumulate);
                }
                u += rows;
            }
            addBelow(p, last, n, a, triangle, aStep, b, b0, bStep, c, ct, cRow);
        }
    }

    /** Adds the products of the rows {@code first} to {@code last} that are below the small triangle of each group. */
    private static void addBelow(
            int first,
            int last,
            int n,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow) {
        if (last <= HEIGHT) {
            return;
        }
        int steps = last - first;
        double[] panels = Workspace.ofThread().panels(BLOCK_STEPS * BLOCK_COLUMNS);
        for (int j = 0; j < n; j += BLOCK_COLUMNS) {
            int end = Math.min(n, j + BLOCK_COLUMNS);
            Panels.packAll(steps, j, end, n, b, b0 + first * bStep, bStep, 1, panels);
            for (int u = 0; u + HEIGHT < last; u += HEIGHT) {
                int from = Math.max(first, u + HEIGHT);
                int k = last - from;
                int au = a0 + from * aStep + u;
                int cu = c0 + u * cRow;
                for (int jp = j, panel = (from - first) * WIDTH; jp < end; jp += WIDTH, panel += steps * WIDTH) {
                    int jj = Math.min(jp, n - WIDTH);
                    VectorTile.columns(HEIGHT, jp - jj, k, a, au, aStep, panels, panel, c, cu + jj, cRow, true);
                }
            }
        }
    }

    /** {@code C = A·Bᵀ}, where row i is needed up to column {@code past + i}. */
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
        int n = past + m;
        double[] panels = Workspace.ofThread().panels(BLOCK_STEPS * BLOCK_COLUMNS);
        for (int p = 0; p < k; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, k - p);
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p, 1, bColumn, panels);
                for (int i = 0; i < m; i += HEIGHT) {
                    int rows = Math.min(HEIGHT, m - i);
                    int needed = Math.min(end, past + i + rows);
                    int ai = a0 + i * aRow + p;
                    int ci = c0 + i * cRow;
                    for (int jp = j, panel = 0; jp < needed; jp += WIDTH, panel += steps * WIDTH) {
                        int jj = Math.min(jp, n - WIDTH);
                        VectorTile.rows(rows, jp - jj, steps, a, ai, aRow, panels, panel, c, ci + jj, cRow, p > 0);
                    }
                }
            }
        }
    }
}
