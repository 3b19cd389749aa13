package dev.microgpt.autograd.kernel.vector;

/**
 * The register tile for this processor: {@code HEIGHT} rows by two vectors of {@code C = A·B} or {@code C += A·B}, with
 * B in a panel as wide as the tile: element {@code (p, j)} at {@code b0 + p·WIDTH + j}.
 *
 * <p>A tile at the right edge may overlap columns that are already done: the first {@code done} of its columns are
 * computed but not written.
 */
final class VectorTile {
    /** The rows of a tile that reads A where it is. */
    static final int HEIGHT = Species.MANY_REGISTERS ? 8 : 4;

    /** The rows of a tile that reads a strip, whose simple addresses leave registers for more sums. */
    static final int STRIP = Species.MANY_REGISTERS ? 8 : 6;

    static final int WIDTH = 2 * Species.LENGTH;

    private VectorTile() {}

    /** Reads A along its rows: element {@code (i, p)} at {@code a0 + i·aRow + p}, with {@code i < rows ≤ HEIGHT}. */
    static void rows(
            int rows,
            int done,
            int k,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (done > 0) {
            double[] tile = Workspace.ofThread().tile;
            copyIn(rows, done, c, c0, cRow, tile, accumulate);
            rows(rows, 0, k, a, a0, aRow, b, b0, tile, 0, WIDTH, accumulate);
            copyOut(rows, done, tile, c, c0, cRow);
        } else if (HEIGHT == 8) {
            VectorTile8.rows(rows, k, a, a0, aRow, b, b0, c, c0, cRow, accumulate);
        } else {
            VectorTile4.rows(rows, k, a, a0, aRow, b, b0, c, c0, cRow, accumulate);
        }
    }

    /** Reads A along its columns: element {@code (i, p)} at {@code a0 + i + p·aStep}, for all {@code i < HEIGHT}. */
    static void columns(
            int rows,
            int done,
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (done > 0) {
            double[] tile = Workspace.ofThread().tile;
            copyIn(rows, done, c, c0, cRow, tile, accumulate);
            columns(rows, 0, k, a, a0, aStep, b, b0, tile, 0, WIDTH, accumulate);
            copyOut(rows, done, tile, c, c0, cRow);
        } else if (HEIGHT == 8) {
            VectorTile8.columns(rows, k, a, a0, aStep, b, b0, c, c0, cRow, accumulate);
        } else {
            VectorTile4.columns(rows, k, a, a0, aStep, b, b0, c, c0, cRow, accumulate);
        }
    }

    /** Reads a strip of A: element {@code (i, p)} at {@code a0 + i + p·STRIP}, for all {@code i < STRIP}. */
    static void strip(
            int rows,
            int done,
            int k,
            double[] a,
            int a0,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        if (done > 0) {
            double[] tile = Workspace.ofThread().tile;
            copyIn(rows, done, c, c0, cRow, tile, accumulate);
            strip(rows, 0, k, a, a0, b, b0, tile, 0, WIDTH, accumulate);
            copyOut(rows, done, tile, c, c0, cRow);
        } else if (STRIP == 8) {
            VectorTile8.columns(rows, k, a, a0, STRIP, b, b0, c, c0, cRow, accumulate);
        } else {
            VectorStrip6.multiply(rows, k, a, a0, b, b0, c, c0, cRow, accumulate);
        }
    }

    private static void copyIn(int rows, int done, double[] c, int c0, int cRow, double[] tile, boolean accumulate) {
        for (int i = 0; accumulate && i < rows; i++) {
            System.arraycopy(c, c0 + i * cRow + done, tile, i * WIDTH + done, WIDTH - done);
        }
    }

    private static void copyOut(int rows, int done, double[] tile, double[] c, int c0, int cRow) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, i * WIDTH + done, c, c0 + i * cRow + done, WIDTH - done);
        }
    }
}
