package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.kernel.function.Transcendentals;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * The base of all kernels: threads, and the plain loops that gain nothing from the Vector API.
 *
 * <p>Threads share the rows or columns of an output and never divide a sum, so the bits do not depend on their number.
 */
public abstract class LoopKernels implements Kernels {
    /** Multiply-adds of a product, some 20 µs, below which a second thread costs more than it saves. */
    private static final long PRODUCT_WORTH_SHARING = 400_000;

    /** The same for loops, which do less work at a time. */
    private static final long LOOP_WORTH_SHARING = 64_000;

    /** How many times as much work is worth waking threads that sleep, which takes the caller 10 to 40 µs. */
    private static final long WORTH_WAKING = 10;

    /** Threads get rows and columns in multiples of the largest tile. */
    private static final int GRAIN = 16;

    private final WorkerPool pool;

    protected LoopKernels(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public final int threads() {
        return pool.threads();
    }

    @Override
    public final void parallel(int n, long work, Range range) {
        int parts = Math.min(n, parts(work, LOOP_WORTH_SHARING));
        if (parts <= 1) {
            range.run(0, 0, n);
        } else {
            pool.run(parts, part -> range.run(part, limit(n, part, parts), limit(n, part + 1, parts)));
        }
    }

    /** Returns the number of threads for some work; small work alone would move data from one thread to another. */
    private int parts(long work, long worthSharing) {
        boolean shared = work >= worthSharing && (pool.awake() || work >= WORTH_WAKING * worthSharing);
        return shared ? pool.threads() : 1;
    }

    private static int limit(int n, int part, int parts) {
        return (int) ((long) n * part / parts);
    }

    @Override
    public final void matmul(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aRow,
            int aColumn,
            double[] b,
            int bOffset,
            int bRow,
            int bColumn,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        if (parts((long) m * n * k, PRODUCT_WORTH_SHARING) == 1) {
            product(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, c, cOffset, cRow, accumulate);
        } else if (m >= n) {
            share(m, (i, end) -> {
                int ai = aOffset + i * aRow;
                int ci = cOffset + i * cRow;
                product(end - i, n, k, a, ai, aRow, aColumn, b, bOffset, bRow, bColumn, c, ci, cRow, accumulate);
            });
        } else {
            share(n, (j, end) -> {
                int bj = bOffset + j * bColumn;
                int cj = cOffset + j;
                product(m, end - j, k, a, aOffset, aRow, aColumn, b, bj, bRow, bColumn, c, cj, cRow, accumulate);
            });
        }
    }

    /** Computes {@link #matmul} on the calling thread. */
    protected abstract void product(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aRow,
            int aColumn,
            double[] b,
            int bOffset,
            int bRow,
            int bColumn,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate);

    /** Computes the rows or columns {@code from} to {@code to}, exclusive, of a product. */
    private interface Slice {
        void run(int from, int to);
    }

    private void share(int n, Slice slice) {
        int grains = (n + GRAIN - 1) / GRAIN;
        int parts = Math.min(grains, pool.threads());
        pool.run(parts, part -> {
            int from = limit(grains, part, parts) * GRAIN;
            int to = Math.min(n, limit(grains, part + 1, parts) * GRAIN);
            slice.run(from, to);
        });
    }

    @Override
    public final void matmulPacked(
            int m, PackedMatrix b, double[] a, int aOffset, int aRow, double[] c, int cOffset, int cRow) {
        int columns = PackedProducts.PANELS * b.panelWidth();
        int groups = (b.shape().rows() + columns - 1) / columns;
        int parts = Math.min(groups, parts((long) m * b.shape().size(), PRODUCT_WORTH_SHARING));
        PackedProducts products = new PackedProducts(this, m, b, a, aOffset, aRow, c, cOffset, cRow);
        if (parts <= 1) {
            products.groups(0, groups);
        } else {
            pool.run(parts, part -> products.groups(limit(groups, part, parts), limit(groups, part + 1, parts)));
        }
    }

    /**
     * Adds the product of a row and four panels of a packed matrix, which begin at {@code b0} to {@code b3}, to as many
     * sums.
     */
    protected abstract void packedRow(
            PackedMatrix b, int b0, int b1, int b2, int b3, double[] a, int a0, double[] sums, int s0);

    /** {@return the height of the strips that {@link #packedTile} reads} */
    protected abstract int packedHeight();

    /**
     * Adds the product of a strip of A, with element {@code (i, p)} at {@code a0 + i + p·packedHeight()}, and
     * {@code steps} columns of a panel of a packed matrix, which begin at {@code b0}, to a tile of C.
     *
     * @param n0 where to read ahead, at most a quarter as many elements as the columns have, as are {@code n1} to
     *     {@code n3}
     * @return something that depends on what was read ahead, so that no compiler leaves the reading out
     */
    protected abstract long packedTile(
            PackedMatrix b,
            int b0,
            int steps,
            int n0,
            int n1,
            int n2,
            int n3,
            double[] a,
            int a0,
            double[] c,
            int c0,
            int cRow);

    @Override
    public double sum(double[] x, int xOffset, int n) {
        return Reductions.sum(x, xOffset, n);
    }

    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return Reductions.dot(x, xOffset, y, yOffset, n);
    }

    @Override
    public double max(double[] x, int xOffset, int n) {
        return Reductions.max(x, xOffset, n);
    }

    @Override
    public void softmax(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double max = max(x, xOffset, n);
        exp(x, xOffset, max, y, yOffset, n);
        scale(1.0 / Reductions.sum(y, yOffset, n), y, yOffset, y, yOffset, n);
    }

    @Override
    public void lowerSoftmax(
            int m, int past, double alpha, double[] x, int xOffset, int xRow, double[] y, int yOffset, int yRow) {
        LowerSoftmax.rows(this, m, past, alpha, x, xOffset, xRow, y, yOffset, yRow);
    }

    @Override
    public void lowerSoftmaxGradient(
            int m, int past, double alpha, double[] y, int yOffset, int yRow, double[] dx, int dxOffset, int dxRow) {
        LowerSoftmax.gradients(this, m, past, alpha, y, yOffset, yRow, dx, dxOffset, dxRow);
    }

    @Override
    public void softmaxGradient(
            double alpha,
            double[] y,
            int yOffset,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            int n,
            boolean accumulate) {
        double dot = Reductions.dot(dy, dyOffset, y, yOffset, n);
        softmaxGradient(alpha, dot, y, yOffset, dy, dyOffset, dx, dxOffset, n, accumulate);
    }

    /** {@code dx[i] (+)= alpha·(y[i]·(dy[i] − dot))}. */
    public static void softmaxGradient(
            double alpha,
            double dot,
            double[] y,
            int y0,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0,
            int n,
            boolean accumulate) {
        for (int i = 0; i < n; i++) {
            double gradient = alpha * (y[y0 + i] * (dy[dy0 + i] - dot));
            dx[dx0 + i] = accumulate ? dx[dx0 + i] + gradient : gradient;
        }
    }

    @Override
    public void norm(
            int rows,
            int n,
            double eps,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] bias,
            double[] y,
            int yOffset,
            double @Nullable [] means,
            double[] factors,
            int first) {
        ScalarNorm.forward(rows, n, eps, x, xOffset, gain, bias, y, yOffset, means, factors, first);
    }

    @Override
    public void normGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] means,
            double[] factors,
            int first,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            double[] scratch,
            int scratchOffset) {
        ScalarNorm.gradient(
                rows, n, x, xOffset, gain, means, factors, first, dy, dyOffset, dx, dxOffset, scratch, scratchOffset);
    }

    @Override
    public void normGainGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            int xRow,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            int dyOffset,
            int dyRow,
            double[] dGain,
            int dGainOffset) {
        ScalarNorm.gainGradient(rows, n, x, xOffset, xRow, means, factors, dy, dyOffset, dyRow, dGain, dGainOffset);
    }

    @Override
    public void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        Transcendentals.exp(x, xOffset, shift, y, yOffset, n);
    }

    @Override
    public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.log(x, xOffset, y, yOffset, n);
    }

    @Override
    public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.tanh(x, xOffset, y, yOffset, n);
    }

    @Override
    public void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.erf(x, xOffset, y, yOffset, n);
    }

    @Override
    public void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.sigmoid(x, xOffset, y, yOffset, n);
    }

    @Override
    public void dropout(
            long key,
            long first,
            long limit,
            double kept,
            double[] x,
            int xOffset,
            double[] y,
            int yOffset,
            int n,
            boolean accumulate) {
        ScalarDropout.dropout(key, first, limit, kept, x, xOffset, y, yOffset, n, accumulate);
    }
}
