package dev.microgpt.autograd.kernel;

import static dev.microgpt.autograd.kernel.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.VectorTile.WIDTH;

/**
 * Matrix products out of register tiles, for results at least as wide as one tile.
 *
 * <p>Where B stays in the innermost caches anyway, tiles read the matrices in place. Otherwise a block of B is copied
 * into panels as wide as a tile, and A into strips as high as a tile, so that the innermost loop reads both without a
 * gap. Columns that do not fill a tile are covered by one that begins further left.
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
            blocked(m, n, k, a, a0, aRow, 1, b, b0, bStep, 1, c, c0, cRow, accumulate);
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
            blocked(m, n, k, a, a0, aRow, 1, b, b0, 1, bColumn, c, c0, cRow, accumulate);
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
            blocked(m, n, k, a, a0, 1, aStep, b, b0, bStep, 1, c, c0, cRow, accumulate);
            return;
        }
        int whole = m - m % HEIGHT;
        for (int i = 0; i < whole; i += HEIGHT) {
            columns(HEIGHT, n, k, a, a0 + i, aStep, b, b0, bStep, c, c0 + i * cRow, cRow, accumulate);
        }
        if (whole < m) {
            double[] strip = Workspace.ofThread().strip(k * HEIGHT);
            Panels.pad(k, m - whole, a, a0 + whole, 1, aStep, HEIGHT, strip, 0);
            columns(m - whole, n, k, strip, 0, HEIGHT, b, b0, bStep, c, c0 + whole * cRow, cRow, accumulate);
        }
    }

    /** A strip of the result, at most as high as a tile. */
    private static void columns(
            int rows,
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
        for (int j = 0; j < n; j += WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            VectorTile.columns(rows, j - jj, k, a, a0, aStep, b, b0 + jj, bStep, c, c0 + jj, cRow, accumulate);
        }
    }

    /**
     * The product of two matrices whose elements are reached by two distances:
     * {@code A[i, p] = a[a0 + i·aRow + p·aStep]} and {@code B[p, j] = b[b0 + p·bStep + j·bColumn]}.
     *
     * <p>A later block of steps goes on with the sums that the one before it has stored, so each is still one chain.
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
        double[] strip = workspace.strip(HEIGHT * BLOCK_STEPS);
        double[] panels = workspace.panels(BLOCK_STEPS * BLOCK_COLUMNS);
        for (int p = 0; p < k; p += BLOCK_STEPS) {
            int steps = Math.min(BLOCK_STEPS, k - p);
            boolean add = accumulate || p > 0;
            for (int j = 0; j < n; j += BLOCK_COLUMNS) {
                int end = Math.min(n, j + BLOCK_COLUMNS);
                packB(steps, j, end, n, b, b0 + p * bStep, bStep, bColumn, panels);
                for (int i = 0; i < m; i += HEIGHT) {
                    int rows = Math.min(HEIGHT, m - i);
                    pack(steps, rows, HEIGHT, a, a0 + i * aRow + p * aStep, aRow, aStep, strip, 0);
                    multiply(rows, j, end, n, steps, strip, panels, c, c0 + i * cRow, cRow, add);
                }
            }
        }
    }

    /** Copies the columns {@code from} to {@code end} of B into panels. */
    private static void packB(
            int steps, int from, int end, int n, double[] b, int b0, int bStep, int bColumn, double[] panels) {
        for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            pack(steps, WIDTH, WIDTH, b, b0 + jj * bColumn, bColumn, bStep, panels, panel);
        }
    }

    /** Multiplies a strip of A by panels of B. */
    private static void multiply(
            int rows,
            int from,
            int end,
            int n,
            int steps,
            double[] strip,
            double[] panels,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
            int jj = Math.min(j, n - WIDTH);
            VectorTile.columns(
                    rows, j - jj, steps, strip, 0, HEIGHT, panels, panel, WIDTH, c, c0 + jj, cRow, accumulate);
        }
    }

    private static void pack(
            int k, int count, int width, double[] x, int x0, int row, int step, double[] panel, int panel0) {
        if (count < width) {
            Panels.pad(k, count, x, x0, row, step, width, panel, panel0);
        } else if (row == 1) {
            Panels.copy(k, width, x, x0, step, panel, panel0);
        } else {
            Panels.transpose(k, width, x, x0, row, panel, panel0, width);
        }
    }
}
