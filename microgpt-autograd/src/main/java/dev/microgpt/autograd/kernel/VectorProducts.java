package dev.microgpt.autograd.kernel;

import static dev.microgpt.autograd.kernel.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.VectorTile.WIDTH;

/**
 * Matrix products out of register tiles, for results at least as wide as one tile.
 *
 * <p>Where B stays in the innermost caches anyway, tiles read the matrices in place. Otherwise a block of B is copied
 * into panels as wide as a tile, and of a transposed A strips as high as a tile, so that the innermost loop reads them
 * without a gap. The rows of A are read in place: they have no gaps. Columns that do not fill a tile are covered by one
 * that begins further left.
 *
 * @see <a href="https://doi.org/10.1145/1356052.1356053">Goto and van de Geijn, Anatomy of High-Performance Matrix
 *     Multiplication, 2008</a>
 */
final class VectorProducts {
    /** Up to this many elements B is read in place: it stays in the innermost caches. */
    private static final int SMALL = 8192;

    /** A strip of A takes 16 kB with this many steps, half of the innermost cache. */
    private static final int BLOCK_STEPS = 256;

    /** With so many columns a block of B takes 768 kB, most of the second cache. */
    private static final int BLOCK_COLUMNS = 384;

    private VectorProducts() {}

    /** {@code C (+)= A·B}. */
    static void nn(
            int m,
            int n,
            int k,
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
        if (k * n > SMALL) {
            blocked(false, m, n, k, a, a0, aRow, b, b0, bStep, 1, c, c0, cRow, accumulate);
            return;
        }
        for (int i = 0; i < m; i += HEIGHT) {
            int rows = Math.min(HEIGHT, m - i);
            int ai = a0 + i * aRow;
            int ci = c0 + i * cRow;
            for (int j = 0; j < n; j += WIDTH) {
                int jj = Math.min(j, n - WIDTH);
                VectorTile.rows(rows, j - jj, k, a, ai, aRow, b, b0 + jj, bStep, c, ci + jj, cRow, accumulate);
            }
        }
    }

    /** {@code C (+)= A·Bᵀ}: a tile needs elements of B side by side that lie in one column, so panels are copied. */
    static void nt(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (k * n > SMALL) {
            blocked(false, m, n, k, a, a0, aRow, b, b0, 1, bColumn, c, c0, cRow, accumulate);
            return;
        }
        double[] panel = Workspace.ofThread().panels(k * WIDTH);
        for (int j = 0; j < n; j += WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            Panels.transpose(k, WIDTH, b, b0 + jj * bColumn, bColumn, panel, 0, WIDTH);
            for (int i = 0; i < m; i += HEIGHT) {
                int rows = Math.min(HEIGHT, m - i);
                int ai = a0 + i * aRow;
                int ci = c0 + i * cRow + jj;
                VectorTile.rows(rows, j - jj, k, a, ai, aRow, panel, 0, WIDTH, c, ci, cRow, accumulate);
            }
        }
    }

    /** {@code C (+)= Aᵀ·B}. */
    static void tn(
            int m,
            int n,
            int k,
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
        if (k * n > SMALL) {
            blocked(true, m, n, k, a, a0, aStep, b, b0, bStep, 1, c, c0, cRow, accumulate);
            return;
        }
        for (int i = 0; i < m; i += HEIGHT) {
            int rows = Math.min(HEIGHT, m - i);
            double[] strip = a;
            int strip0 = a0 + i;
            int step = aStep;
            if (rows < HEIGHT) {
                strip = Workspace.ofThread().strip(k * HEIGHT);
                strip0 = 0;
                step = HEIGHT;
                Panels.pad(k, rows, a, a0 + i, aStep, HEIGHT, strip);
            }
            for (int j = 0; j < n; j += WIDTH) {
                int jj = Math.min(j, n - WIDTH);
                int ci = c0 + i * cRow + jj;
                VectorTile.columns(rows, j - jj, k, strip, strip0, step, b, b0 + jj, bStep, c, ci, cRow, accumulate);
            }
        }
    }

    /**
     * Any of the three for a large B: {@code B[p, j] = b[b0 + p·bStep + j·bColumn]}.
     *
     * <p>A later block of steps goes on with the sums that the one before it has stored, so each is still one chain.
     */
    private static void blocked(
            boolean transposedA,
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aStride,
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
            int ap = a0 + (transposedA ? p * aStride : p);
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                pack(steps, j, end, n, b, b0 + p * bStep, bStep, bColumn, panels);
                if (transposedA) {
                    columnsTimesPanels(m, j, end, n, steps, a, ap, aStride, panels, c, c0, cRow, add);
                } else {
                    rowsTimesPanels(m, j, end, n, steps, a, ap, aStride, panels, c, c0, cRow, add);
                }
            }
        }
    }

    /** Copies the columns {@code from} to {@code end} of B into panels. */
    private static void pack(
            int steps, int from, int end, int n, double[] b, int b0, int bStep, int bColumn, double[] panels) {
        for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            if (bColumn == 1) {
                Panels.copy(steps, WIDTH, b, b0 + jj, bStep, panels, panel);
            } else {
                Panels.transpose(steps, WIDTH, b, b0 + jj * bColumn, bColumn, panels, panel, WIDTH);
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
                VectorTile.rows(rows, j - jj, steps, a, ai, aRow, panels, panel, WIDTH, c, ci + jj, cRow, accumulate);
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
        double[] strip = Workspace.ofThread().strip(BLOCK_STEPS * HEIGHT);
        for (int i = 0; i < m; i += HEIGHT) {
            int rows = Math.min(HEIGHT, m - i);
            int ci = c0 + i * cRow;
            Panels.pad(steps, rows, a, a0 + i, aStep, HEIGHT, strip);
            for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
                int jj = Math.min(j, n - WIDTH);
                VectorTile.columns(
                        rows, j - jj, steps, strip, 0, HEIGHT, panels, panel, WIDTH, c, ci + jj, cRow, accumulate);
            }
        }
    }
}
