package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;

/**
 * A product with the transpose of a packed matrix, {@code C += A·Bᵀ}: one row of A is multiplied from memory; several
 * are copied into strips and multiplied by blocks of panels, while the next blocks are brought into the cache.
 */
final class PackedProducts {
    /** The number of panels that are multiplied by a row at a time. */
    static final int PANELS = 4;

    /** The columns of a block: four panels of it take 128 kB at most. */
    static final int STEPS = 256;

    /** The rows of A that are copied together; they take 256 kB. */
    private static final int ROWS = 128;

    private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[0]);

    /** Never read: keeps the compiler from leaving out what brings blocks into the cache. */
    private static volatile long readAhead;

    private final LoopKernels kernels;
    private final int m;
    private final PackedMatrix b;
    private final double[] a;
    private final int a0;
    private final int aRow;
    private final double[] c;
    private final int c0;
    private final int cRow;
    private final int n;
    private final int k;
    private final int width;
    private final int height;
    private final int last;

    PackedProducts(
            LoopKernels kernels, int m, PackedMatrix b, double[] a, int a0, int aRow, double[] c, int c0, int cRow) {
        this.kernels = kernels;
        this.m = m;
        this.b = b;
        this.a = a;
        this.a0 = a0;
        this.aRow = aRow;
        this.c = c;
        this.c0 = c0;
        this.cRow = cRow;
        n = b.shape().rows();
        k = b.shape().columns();
        width = b.panelWidth();
        height = kernels.packedHeight();
        last = (n - 1) / width;
    }

    /** Computes the columns of C in the groups of panels {@code from} to {@code end}, exclusive. */
    void groups(int from, int end) {
        if (m == 1) {
            for (int group = from; group < end; group++) {
                row(group * PANELS);
            }
        } else {
            for (int i = 0; i < m; i += ROWS) {
                blocks(i, Math.min(ROWS, m - i), from * PANELS, end * PANELS);
            }
        }
    }

    private void row(int panel) {
        // the last panel is multiplied more than once if there are not enough
        int b0 = index(panel, 0);
        int b1 = index(Math.min(panel + 1, last), 0);
        int b2 = index(Math.min(panel + 2, last), 0);
        int b3 = index(Math.min(panel + 3, last), 0);
        int columns = n - panel * width;
        if (columns >= PANELS * width) {
            kernels.packedRow(b, b0, b1, b2, b3, a, a0, c, c0 + panel * width);
        } else {
            double[] sums = scratch(PANELS * width);
            System.arraycopy(c, c0 + panel * width, sums, 0, columns);
            kernels.packedRow(b, b0, b1, b2, b3, a, a0, sums, 0);
            System.arraycopy(sums, 0, c, c0 + panel * width, columns);
        }
    }

    private void blocks(int firstRow, int rows, int from, int end) {
        int panels = Math.min(end, last + 1);
        int strips = (rows + height - 1) / height;
        int edge = strips * height * STEPS; // where a tile begins that is not whole
        double[] scratch = scratch(edge + height * width);
        long read = 0;
        for (int p = 0; p < k; p += STEPS) {
            int steps = Math.min(STEPS, k - p);
            copyStrips(firstRow, rows, p, steps, scratch);
            for (int group = from; group < panels; group += PANELS) {
                boolean more = group + PANELS < panels;
                int next = more ? group + PANELS : from;
                int nextP = more ? p : p + steps;
                for (int strip = 0; strip < strips; strip++) {
                    boolean ahead = strip == 0 && nextP + steps <= k;
                    for (int panel = group; panel < Math.min(group + PANELS, panels); panel++) {
                        int b0 = index(panel, p);
                        int n0 = ahead ? index(next, nextP) + (panel - group) * index(0, steps) / PANELS : b0;
                        int row = firstRow + strip * height;
                        int a1 = strip * height * steps;
                        read |= tile(
                                row, firstRow + rows, panel, b0, steps, n0, ahead ? last - next : 0, a1, edge, scratch);
                    }
                }
            }
        }
        readAhead = read;
    }

    /** Copies columns of A into strips, one after another. */
    private void copyStrips(int firstRow, int rows, int p, int steps, double[] strips) {
        for (int i = 0; i < (rows + height - 1) / height * height; i++) {
            int to = i / height * height * steps + i % height;
            int at = a0 + (firstRow + Math.min(i, rows - 1)) * aRow + p; // rows that are missing are not written
            for (int q = 0; q < steps; q++) {
                strips[to + q * height] = a[at + q];
            }
        }
    }

    /**
     * Adds the product of a strip and a panel to C.
     *
     * @param n0    where to read ahead
     * @param after the number of panels after it in the matrix
     */
    private long tile(
            int row, int endRow, int panel, int b0, int steps, int n0, int after, int a1, int edge, double[] scratch) {
        int panelSize = index(1, 0);
        int n1 = n0 + Math.min(1, after) * panelSize;
        int n2 = n0 + Math.min(2, after) * panelSize;
        int n3 = n0 + Math.min(3, after) * panelSize;
        int c1 = c0 + row * cRow + panel * width;
        int rows = Math.min(height, endRow - row);
        int columns = Math.min(width, n - panel * width);
        if (rows == height && columns == width) {
            return kernels.packedTile(b, b0, steps, n0, n1, n2, n3, scratch, a1, c, c1, cRow);
        }
        for (int i = 0; i < rows; i++) {
            System.arraycopy(c, c1 + i * cRow, scratch, edge + i * width, columns);
        }
        long read = kernels.packedTile(b, b0, steps, n0, n1, n2, n3, scratch, a1, scratch, edge, width);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(scratch, edge + i * width, c, c1 + i * cRow, columns);
        }
        return read;
    }

    /** Returns where column {@code p} of a panel begins in the array. */
    private int index(int panel, int p) {
        int step = panel * k + p;
        return b.precision() == Precision.BF16 ? step * (width / 2) : step * width;
    }

    private static double[] scratch(int size) {
        double[] scratch = SCRATCH.get();
        if (scratch.length < size) {
            scratch = new double[size];
            SCRATCH.set(scratch);
        }
        return scratch;
    }
}
