package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;

/**
 * A product with the transpose of a packed matrix, {@code C += A·Bᵀ}: one row of A is multiplied from memory, and for
 * several, blocks of panels are brought into the cache, widened, and multiplied like any matrix.
 */
final class PackedProducts {
    /** The number of panels that are multiplied by a row at a time. */
    static final int PANELS = 4;

    /** The columns of a block: a widened block takes 32 kB at most. */
    private static final int STEPS = 256;

    /** The size of a cache line in bytes; a smaller one is not worth a case of its own. */
    private static final int LINE = 64;

    private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[0]);

    /** Never read: keeps the compiler from leaving {@link #touch} out. */
    private static volatile long touched;

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
    }

    /** Computes the columns of C in the groups of panels {@code from} to {@code end}, exclusive. */
    void groups(int from, int end) {
        if (m == 1) {
            for (int group = from; group < end; group++) {
                row(group * PANELS);
            }
        } else {
            blocks(from * PANELS, end * PANELS);
        }
    }

    private void row(int panel) {
        int last = (n - 1) / width; // is multiplied more than once if there are not enough panels
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

    private void blocks(int from, int end) {
        boolean inPlace = b.precision() == Precision.F64;
        double[] block = inPlace ? b.numbers() : scratch(STEPS * width);
        int panels = Math.min(end, (n + width - 1) / width);
        for (int p = 0; p < k; p += STEPS) {
            int steps = Math.min(STEPS, k - p);
            for (int panel = from; panel < panels; panel++) {
                int at = index(panel, p);
                if ((panel - from) % PANELS == 0) {
                    touch(panel, Math.min(panel + PANELS, panels) - 1, p, index(0, p + steps) - index(0, p));
                }
                if (!inPlace) {
                    kernels.widen(b, at, steps, block);
                }
                int columns = Math.min(width, n - panel * width);
                int c1 = c0 + panel * width;
                int b1 = inPlace ? at : 0;
                kernels.product(m, columns, steps, a, a0 + p, aRow, 1, block, b1, width, 1, c, c1, cRow, true);
            }
        }
    }

    /** Brings blocks of four panels into the cache: from memory, four streams are faster than one after another. */
    private void touch(int panel, int last, int p, int size) {
        int b0 = index(panel, p);
        int b1 = index(Math.min(panel + 1, last), p);
        int b2 = index(Math.min(panel + 2, last), p);
        int b3 = index(Math.min(panel + 3, last), p);
        touched = b.precision() == Precision.F64
                ? touch(b.numbers(), b0, b1, b2, b3, size)
                : touch(b.bits(), b0, b1, b2, b3, size);
    }

    private static long touch(double[] x, int x0, int x1, int x2, int x3, int size) {
        long bits = 0;
        for (int i = 0; i < size; i += LINE / Double.BYTES) {
            bits |= Double.doubleToRawLongBits(x[x0 + i]) | Double.doubleToRawLongBits(x[x1 + i]);
            bits |= Double.doubleToRawLongBits(x[x2 + i]) | Double.doubleToRawLongBits(x[x3 + i]);
        }
        return bits;
    }

    private static int touch(int[] x, int x0, int x1, int x2, int x3, int size) {
        int bits = 0;
        for (int i = 0; i < size; i += LINE / Integer.BYTES) {
            bits |= x[x0 + i] | x[x1 + i] | x[x2 + i] | x[x3 + i];
        }
        return bits;
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
