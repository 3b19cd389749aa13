package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;

/**
 * The products and the softmax of one {@link AttentionBlock}: with a lower triangle, or, in a sliding window, with a
 * band in which every row is one column further to the right than the row above.
 *
 * <p>Of a band of {@code m} rows, the first {@code m} columns are an upper triangle, which is multiplied in strips of
 * {@value #STRIP} rows; the others are a lower triangle. Each element is one chain in ascending order, as in a product
 * with that row alone, and what a row does not see is skipped.
 */
final class AttentionProducts {
    private static final int STRIP = 8;

    private final Kernels kernels;
    private final int width; // of a head

    AttentionProducts(Kernels kernels, int width) {
        this.kernels = kernels;
        this.width = width;
    }

    /** Computes the product of each row of {@code a} with the rows of {@code b} that it sees: {@code C = A·Bᵀ}. */
    void ofRows(AttentionBlock block, double[] a, int a0, int aRow, double[] b, int b0, int bRow, double[] c, int c0) {
        kernels.lowerOfNT(block.rows, width, block.past, a, a0, aRow, b, b0, bRow, c, c0, block.stride);
    }

    /** Computes the softmax of {@code scale·x} for what each row sees; overwrites x. */
    void softmax(AttentionBlock block, double scale, double[] x, int x0, double[] y, int y0) {
        int stride = block.stride;
        if (!block.isBand) {
            kernels.lowerSoftmax(block.rows, block.past, scale, x, x0, stride, y, y0, stride);
            return;
        }
        for (int r = 0; r < block.rows; r++) {
            int first = r * stride + r;
            kernels.lowerSoftmax(1, block.past, scale, x, x0 + first, stride, y, y0 + first, stride);
        }
    }

    /** Multiplies what each row sees by the dropout mask; {@code to} may be {@code from}. */
    void drop(DropoutMask mask, AttentionBlock block, double[] from, int from0, double[] to, int to0) {
        for (int r = 0; r < block.rows; r++) {
            int position = block.position + r;
            int first = block.isBand ? r : 0;
            int n = block.past + r + 1 - first;
            int row = r * block.stride + first;
            long index = ((long) block.head << 48) | ((long) position << 24);
            mask.apply(kernels, block.sequence, index + (position + 1 - n), from, from0 + row, to, to0 + row, n, false);
        }
    }

    /** Computes {@code dx = scale·(y·(dx − Σ dx·y))} for what each row sees, in place. */
    void softmaxGradient(AttentionBlock block, double scale, double[] y, int y0, double[] dx, int dx0) {
        int stride = block.stride;
        if (!block.isBand) {
            kernels.lowerSoftmaxGradient(block.rows, block.past, scale, y, y0, stride, dx, dx0, stride);
            return;
        }
        for (int r = 0; r < block.rows; r++) {
            int first = r * stride + r;
            kernels.lowerSoftmaxGradient(1, block.past, scale, y, y0 + first, stride, dx, dx0 + first, stride);
        }
    }

    /** Adds up the rows of {@code b} that each row of {@code a} sees: {@code C = A·B}, or {@code C += A·B}. */
    void mix(
            AttentionBlock block,
            double[] a,
            int a0,
            double[] b,
            int b0,
            int bRow,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int m = block.rows;
        int aRow = block.stride;
        if (!block.isBand) {
            kernels.lowerNN(m, width, block.past, a, a0, aRow, b, b0, bRow, c, c0, cRow, accumulate);
            return;
        }
        for (int from = 0; from < m; from += STRIP) {
            int end = Math.min(m, from + STRIP);
            for (int r = from; r < end; r++) {
                int ar = a0 + r * aRow + r;
                int br = b0 + r * bRow;
                int cr = c0 + r * cRow;
                kernels.matmul(1, width, end - r, a, ar, aRow, 1, b, br, bRow, 1, c, cr, cRow, accumulate);
            }
            if (end < m) {
                int ae = a0 + from * aRow + end;
                int be = b0 + end * bRow;
                int ce = c0 + from * cRow;
                kernels.matmul(end - from, width, m - end, a, ae, aRow, 1, b, be, bRow, 1, c, ce, cRow, true);
            }
        }
        int past = block.past - m;
        int skipped = past < 0 ? 1 : 0; // a row as long as the block is high has nothing behind the upper triangle
        if (skipped < m) {
            int al = a0 + skipped * aRow + m;
            int cl = c0 + skipped * cRow;
            kernels.lowerNN(m - skipped, width, past + skipped, a, al, aRow, b, b0 + m * bRow, bRow, c, cl, cRow, true);
        }
    }

    /** Adds each row of {@code b} to the rows of {@code c} that its row of {@code a} sees: {@code C += Aᵀ·B}. */
    void spread(AttentionBlock block, double[] a, int a0, double[] b, int b0, int bRow, double[] c, int c0, int cRow) {
        int m = block.rows;
        int aRow = block.stride;
        if (!block.isBand) {
            kernels.lowerTN(m, width, block.past, a, a0, aRow, b, b0, bRow, c, c0, cRow, true);
            return;
        }
        for (int from = 0; from < m; from += STRIP) {
            int end = Math.min(m, from + STRIP);
            if (from > 0) {
                int cf = c0 + from * cRow;
                kernels.matmul(end - from, width, from, a, a0 + from, 1, aRow, b, b0, bRow, 1, c, cf, cRow, true);
            }
            for (int u = from; u < end; u++) {
                int au = a0 + from * aRow + u;
                int bf = b0 + from * bRow;
                int cu = c0 + u * cRow;
                kernels.matmul(1, width, u + 1 - from, a, au, 1, aRow, b, bf, bRow, 1, c, cu, cRow, true);
            }
        }
        int past = block.past - m;
        int skipped = past < 0 ? 1 : 0;
        if (skipped < m) {
            int al = a0 + skipped * aRow + m;
            int bl = b0 + skipped * bRow;
            kernels.lowerTN(m - skipped, width, past + skipped, a, al, aRow, b, bl, bRow, c, c0 + m * cRow, cRow, true);
        }
    }
}
