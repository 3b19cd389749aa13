package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.vector.VectorTile.STRIP;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

/**
 * Matrix products in register tiles, for results at least as wide as one tile.
 *
 * <p>B is copied into panels as wide as a tile, unless it already is one. If B is large, A is copied into strips as
 * high as a tile, for an innermost loop that reads two streams of contiguous memory; otherwise it is read in place. The
 * last columns, if they do not fill a tile, are covered by one that begins further left.
 *
 * @see <a href="https://doi.org/10.1145/1356052.1356053">Goto and van de Geijn, Anatomy of High-Performance Matrix
 *     Multiplication, 2008</a>
 */
final class VectorProducts {
    /** Up to this many elements, B stays in the inner caches: its panels are copied and used one at a time. */
    private static final int SMALL = 8192;

    /** With this many steps, a panel of B takes 16 kB with 256-bit and 32 kB with 512-bit vectors. */
    static final int BLOCK_STEPS = 256;

    /** With this many columns, a block of B takes 1.5 MB; each of its panels is read once for a group of strips. */
    static final int BLOCK_COLUMNS = 768;

    /** The rows of A that are copied into strips together; they take 96 kB, a part of any second-level cache. */
    private static final int GROUP = 48;

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
            Panels.columns(k, m - whole, a, a0 + whole, aStep, strip);
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
     * <p>A panel of B stays in the first-level cache while it meets a group of strips of A, which stays in the second.
     * Each block of steps continues from the sums that the block before it stored, so each sum is still one chain.
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
        Workspace workspace = Workspace.ofThread();
        int width = (Math.min(n, BLOCK_COLUMNS) + WIDTH - 1) / WIDTH * WIDTH;
        double[] panels = workspace.panels(Math.min(k, BLOCK_STEPS) * width);
        for (int p = 0; p < k; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, k - p);
            // not a power of two, or all strips would compete for the same cache lines
            int distance = steps * STRIP + STRIP;
            double[] strips = workspace.strips(GROUP / STRIP * distance);
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                Panels.packAll(steps, j, end, n, b, b0 + p * bStep, bStep, bColumn, panels);
                for (int i = 0; i < m; i += GROUP) {
                    int rows = Math.min(GROUP, m - i);
                    Panels.strips(steps, rows, a, a0 + i * aRow + p * aStep, aRow, aStep, strips, distance);
                    int ci = c0 + i * cRow;
                    stripsTimesPanels(rows, j, end, n, steps, strips, distance, panels, c, ci, cRow, add);
                }
            }
        }
    }

    /** The product of a group of strips and a block of panels. */
    private static void stripsTimesPanels(
            int m,
            int from,
            int end,
            int n,
            int steps,
            double[] strips,
            int distance,
            double[] panels,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            for (int i = 0, strip = 0; i < m; i += STRIP, strip += distance) {
                int rows = Math.min(STRIP, m - i);
                int ci = c0 + i * cRow + jj;
                VectorTile.strip(rows, j - jj, steps, strips, strip, panels, panel, c, ci, cRow, accumulate);
            }
        }
    }
}
