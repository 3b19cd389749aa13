package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.BLOCK_COLUMNS;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.BLOCK_STEPS;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.GROUP;
import static dev.microgpt.autograd.kernel.vector.VectorProducts.stripsTimesPanels;
import static dev.microgpt.autograd.kernel.vector.VectorTile.STRIP;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

/**
 * Products with a lower-triangular factor or result, in register tiles.
 *
 * <p>B is copied into panels once, A into strips. A group of rows is multiplied by the part that all its rows share;
 * the small triangles that remain at the diagonal go to {@link VectorTriangle} and {@link VectorRows}.
 */
final class VectorLower {
    /** The rows of {@link VectorTriangle}. */
    private static final int FOUR = 4;

    /** The rows of a group: whole strips, and whole fours in its triangle. */
    private static final int TRIANGLE = STRIP % FOUR == 0 ? STRIP : 2 * STRIP;

    /** The steps of a block that ends where a group ends. */
    private static final int BLOCK_OF_GROUPS = BLOCK_STEPS - BLOCK_STEPS % TRIANGLE;

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
        Workspace workspace = Workspace.ofThread();
        int shared = past + (m - 1) / TRIANGLE * TRIANGLE; // columns shared by the rows of the last group
        double[] panels = workspace.panels(VectorProducts.panelNumbers(n, shared));
        for (int p = 0; p < shared; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, shared - p);
            int first = Math.max(0, p - past + 1); // the first group that shares more than p columns
            first += (TRIANGLE - first % TRIANGLE) % TRIANGLE;
            int distance = VectorProducts.stripDistance(steps);
            double[] strips = workspace.strips(TRIANGLE / STRIP * distance);
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p * bStep, bStep, 1, panels);
                for (int i = first; i < m; i += TRIANGLE) {
                    int rows = Math.min(TRIANGLE, m - i);
                    int k = Math.min(steps, past + i - p);
                    Panels.strips(k, rows, a, a0 + i * aRow + p, aRow, 1, strips, distance);
                    int ci = c0 + i * cRow;
                    stripsTimesPanels(
                            rows, j, end, n, k, strips, 0, distance, panels, 0, steps * WIDTH, c, ci, cRow, add);
                }
            }
        }
        for (int i = 0; i < m; ) {
            int from = past + i / TRIANGLE * TRIANGLE;
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
        for (int p = 0; p < m; p += BLOCK_OF_GROUPS) {
            int last = Math.min(m, p + BLOCK_OF_GROUPS);
            for (int u = p; u < last; ) {
                int end = Math.min(last, u / TRIANGLE * TRIANGLE + TRIANGLE);
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
        if (last <= TRIANGLE) {
            return;
        }
        Workspace workspace = Workspace.ofThread();
        int steps = last - first;
        int distance = VectorProducts.stripDistance(steps);
        double[] strips = workspace.strips(TRIANGLE / STRIP * distance);
        double[] panels = workspace.panels(VectorProducts.panelNumbers(n, steps));
        for (int j = 0; j < n; j += BLOCK_COLUMNS) {
            int end = Math.min(n, j + BLOCK_COLUMNS);
            Panels.packAll(steps, j, end, n, b, b0 + first * bStep, bStep, 1, panels);
            for (int u = 0; u + TRIANGLE < last; u += TRIANGLE) {
                int from = Math.max(first, u + TRIANGLE);
                int k = last - from;
                Panels.strips(k, TRIANGLE, a, a0 + from * aStep + u, 1, aStep, strips, distance);
                int panel = (from - first) * WIDTH;
                int cu = c0 + u * cRow;
                stripsTimesPanels(
                        TRIANGLE, j, end, n, k, strips, 0, distance, panels, panel, steps * WIDTH, c, cu, cRow, true);
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
        Workspace workspace = Workspace.ofThread();
        double[] panels = workspace.panels(VectorProducts.panelNumbers(n, k));
        for (int p = 0; p < k; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, k - p);
            int distance = VectorProducts.stripDistance(steps);
            double[] strips = workspace.strips(GROUP / STRIP * distance);
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p, 1, bColumn, panels);
                for (int i = 0; i < m; i += GROUP) {
                    int rows = Math.min(GROUP, m - i);
                    int needed = Math.min(end, past + i + rows);
                    Panels.strips(steps, rows, a, a0 + i * aRow + p, aRow, 1, strips, distance);
                    for (int jp = j, panel = 0; jp < needed; jp += WIDTH, panel += steps * WIDTH) {
                        int first = Math.max(0, jp - past - i) / STRIP; // the first strip that needs the panel
                        int skipped = first * STRIP;
                        stripsTimesPanels(
                                rows - skipped,
                                jp,
                                Math.min(jp + WIDTH, end),
                                n,
                                steps,
                                strips,
                                first * distance,
                                distance,
                                panels,
                                panel,
                                steps * WIDTH,
                                c,
                                c0 + (i + skipped) * cRow,
                                cRow,
                                p > 0);
                    }
                }
            }
        }
    }
}
