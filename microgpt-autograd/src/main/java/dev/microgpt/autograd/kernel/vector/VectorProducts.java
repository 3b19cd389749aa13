package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

/**
 * Matrix products in register tiles, for results at least as wide as one tile.
 *
 * <p>B is copied into panels as wide as a tile, unless it already is one, and a large transposed A into strips as high
 * as a tile, for an innermost loop that reads contiguous memory. The rows of A are read in place. The last columns, if
 * they do not fill a tile, are covered by one that begins further left.
 *
 * @see <a href="https://doi.org/10.1145/1356052.1356053">Goto and van de Geijn, Anatomy of High-Performance Matrix
 *     Multiplication, 2008</a>
 */
final class VectorProducts {
    /** Up to this many elements, B stays in the inner caches: its panels are copied and used one at a time. */
    private static final int SMALL = 8192;

    /** With this many steps, eight rows of A take 16 kB, half of the first-level cache. */
    static final int BLOCK_STEPS = 256;

    /** With this many columns, a block of B takes 768 kB, most of the second-level cache. */
    static final int BLOCK_COLUMNS = 384;

    /** The number of strips of a transposed A that are copied together, to read whole cache lines. */
    private static final int STRIPS = 48 / HEIGHT;

    private VectorProducts() {}

    /**
     * {@code C[i, j] (+)= Σ_p A[i, p]·B[p, j]} with {@code A[i, p] = a[a0 + i·aRow + p·aStep]} and
     * {@code B[p, j] = b[b0 + p·bStep + j·bColumn]}, where one of the strides of each is 1.
     */
    static void product(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (k * n > SMALL) {
            blocked(m, n, k, a, a0, aRow, aStep, b, b0, bStep, bColumn, c, c0, cRow, accumulate);
        } else if (aStep == 1) {
            rows(m, n, k, a, a0, aRow, b, b0, bStep, bColumn, c, c0, cRow, accumulate);
        } else {
            columns(m, n, k, a, a0, aStep, b, b0, bStep, bColumn, c, c0, cRow, accumulate);
        }
    }

    /** The product where A is read along its rows. */
    private static void rows(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        boolean inPlace = isPanel(bStep, bColumn);
        double[] panel = inPlace ? b : Workspace.ofThread().panels(k * WIDTH);
        for (int j = 0; j < n; j += WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            if (!inPlace) {
                Panels.pack(k, b, b0 + jj * bColumn, bStep, bColumn, panel, 0);
            }
            int panel0 = inPlace ? b0 : 0;
            for (int i = 0; i < m; i += HEIGHT) {
                int rows = Math.min(HEIGHT, m - i);
                int ci = c0 + i * cRow + jj;
                VectorTile.rows(rows, j - jj, k, a, a0 + i * aRow, aRow, panel, panel0, c, ci, cRow, accumulate);
            }
        }
    }

    /** A matrix as wide as a tile, without gaps between its rows, already is a panel. */
    private static boolean isPanel(int bStep, int bColumn) {
        return bColumn == 1 && bStep == WIDTH;
    }

    /** The product where A is transposed, so that it is read along its columns. */
    private static void columns(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        boolean inPlace = isPanel(bStep, bColumn);
        double[] panel = inPlace ? b : Workspace.ofThread().panels(k * WIDTH);
        int whole = m - m % HEIGHT;
        double[] strip = a;
        if (whole < m) {
            strip = Workspace.ofThread().strips(k * HEIGHT);
            Panels.strips(k, m - whole, a, a0 + whole, aStep, strip, 0);
        }
        for (int j = 0; j < n; j += WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            if (!inPlace) {
                Panels.pack(k, b, b0 + jj * bColumn, bStep, bColumn, panel, 0);
            }
            int panel0 = inPlace ? b0 : 0;
            int done = j - jj;
            for (int i = 0; i < whole; i += HEIGHT) {
                int ci = c0 + i * cRow + jj;
                VectorTile.columns(HEIGHT, done, k, a, a0 + i, aStep, panel, panel0, c, ci, cRow, accumulate);
            }
            if (whole < m) {
                int ci = c0 + whole * cRow + jj;
                VectorTile.columns(m - whole, done, k, strip, 0, HEIGHT, panel, panel0, c, ci, cRow, accumulate);
            }
        }
    }

    /**
     * The product for a large B.
     *
     * <p>Each block of steps continues from the sums that the block before it stored, so each sum is still one chain.
     */
    private static void blocked(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        double[] panels = Workspace.ofThread().panels(BLOCK_STEPS * BLOCK_COLUMNS);
        for (int p = 0; p < k; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, k - p);
            int ap = a0 + p * aStep;
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p * bStep, bStep, bColumn, panels);
                if (aStep == 1) {
                    rowsTimesPanels(m, j, end, n, steps, a, ap, aRow, panels, c, c0, cRow, add);
                } else {
                    columnsTimesPanels(m, j, end, n, steps, a, ap, aStep, panels, c, c0, cRow, add);
                }
            }
        }
    }

    private static void rowsTimesPanels(
            int m,
            int from,
            int end,
            int n,
            int steps,
            double[] a,
            int a0,
            int aRow,
            double[] panels,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int i = 0; i < m; i += HEIGHT) {
            int rows = Math.min(HEIGHT, m - i);
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
                int jj = Math.min(j, n - WIDTH);
                VectorTile.rows(rows, j - jj, steps, a, ai, aRow, panels, panel, c, ci + jj, cRow, accumulate);
            }
        }
    }

    private static void columnsTimesPanels(
            int m,
            int from,
            int end,
            int n,
            int steps,
            double[] a,
            int a0,
            int aStep,
            double[] panels,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        // not a power of two, or all strips would compete for the same cache lines
        int distance = steps * HEIGHT + HEIGHT;
        double[] strips = Workspace.ofThread().strips(STRIPS * distance);
        for (int group = 0; group < m; group += STRIPS * HEIGHT) {
            int columns = Math.min(STRIPS * HEIGHT, m - group);
            Panels.strips(steps, columns, a, a0 + group, aStep, strips, distance);
            for (int i = 0; i < columns; i += HEIGHT) {
                int rows = Math.min(HEIGHT, columns - i);
                int strip = i / HEIGHT * distance;
                int ci = c0 + (group + i) * cRow;
                for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
                    int jj = Math.min(j, n - WIDTH);
                    VectorTile.columns(
                            rows, j - jj, steps, strips, strip, HEIGHT, panels, panel, c, ci + jj, cRow, accumulate);
                }
            }
        }
    }
}
