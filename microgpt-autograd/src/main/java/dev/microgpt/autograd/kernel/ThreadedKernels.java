package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;

/**
 * Kernels that share large work among threads, each of which computes its own part of the output with kernels of one
 * thread. No sum is ever divided, so the bits do not depend on the number of threads.
 */
final class ThreadedKernels implements Kernels {
    /** Multiply-adds of a product below which a second thread costs more than it brings: some 20 µs. */
    private static final long PRODUCT_WORTH_SHARING = 400_000;

    /** The same for loops, which do less at a time. */
    private static final long LOOP_WORTH_SHARING = 64_000;

    /** Rows and columns are given out in multiples of the largest tile. */
    private static final int GRAIN = 16;

    private final Kernels one;
    private final WorkerPool pool;

    ThreadedKernels(Kernels one, WorkerPool pool) {
        this.one = one;
        this.pool = pool;
    }

    @Override
    public String description() {
        return one.description();
    }

    @Override
    public int threads() {
        return pool.threads();
    }

    @Override
    public void parallel(int n, long work, Range range) {
        int parts = work < LOOP_WORTH_SHARING ? 1 : Math.min(n, pool.threads());
        if (parts <= 1) {
            range.run(0, 0, n);
        } else {
            pool.run(parts, part -> range.run(part, limit(n, part, parts), limit(n, part + 1, parts)));
        }
    }

    private static int limit(int n, int part, int parts) {
        return (int) ((long) n * part / parts);
    }

    /** Computes the columns or rows {@code from} to {@code to} of a product. */
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
    public void matmul(
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
        if ((long) m * n * k < PRODUCT_WORTH_SHARING) {
            one.matmul(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, c, cOffset, cRow, accumulate);
        } else if (m >= n) {
            share(m, (i, end) -> {
                int ai = aOffset + i * aRow;
                int ci = cOffset + i * cRow;
                one.matmul(end - i, n, k, a, ai, aRow, aColumn, b, bOffset, bRow, bColumn, c, ci, cRow, accumulate);
            });
        } else {
            share(n, (j, end) -> {
                int bj = bOffset + j * bColumn;
                int cj = cOffset + j;
                one.matmul(m, end - j, k, a, aOffset, aRow, aColumn, b, bj, bRow, bColumn, c, cj, cRow, accumulate);
            });
        }
    }

    @Override
    public void lowerNN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        one.lowerNN(m, n, past, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride, accumulate);
    }

    @Override
    public void lowerTN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        one.lowerTN(m, n, past, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride, accumulate);
    }

    @Override
    public void lowerOfNT(
            int m,
            int k,
            int past,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride) {
        one.lowerOfNT(m, k, past, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride);
    }

    @Override
    public double sum(double[] x, int xOffset, int n) {
        return one.sum(x, xOffset, n);
    }

    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return one.dot(x, xOffset, y, yOffset, n);
    }

    @Override
    public double max(double[] x, int xOffset, int n) {
        return one.max(x, xOffset, n);
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.axpy(alpha, x, xOffset, y, yOffset, n);
    }

    @Override
    public void scale(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.scale(alpha, x, xOffset, y, yOffset, n);
    }

    @Override
    public void softmax(double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.softmax(x, xOffset, y, yOffset, n);
    }

    @Override
    public void lowerSoftmax(
            int m, int past, double alpha, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride) {
        one.lowerSoftmax(m, past, alpha, x, xOffset, xStride, y, yOffset, yStride);
    }

    @Override
    public void lowerSoftmaxGradient(
            int m,
            int past,
            double alpha,
            double[] y,
            int yOffset,
            int yStride,
            double[] dx,
            int dxOffset,
            int dxStride) {
        one.lowerSoftmaxGradient(m, past, alpha, y, yOffset, yStride, dx, dxOffset, dxStride);
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
        one.softmaxGradient(alpha, y, yOffset, dy, dyOffset, dx, dxOffset, n, accumulate);
    }

    @Override
    public void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        one.exp(x, xOffset, shift, y, yOffset, n);
    }

    @Override
    public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.log(x, xOffset, y, yOffset, n);
    }

    @Override
    public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.tanh(x, xOffset, y, yOffset, n);
    }

    @Override
    public void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.erf(x, xOffset, y, yOffset, n);
    }

    @Override
    public void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        one.sigmoid(x, xOffset, y, yOffset, n);
    }

    @Override
    public boolean adam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps) {
        return one.adam(p, g, m, v, from, to, beta1, beta2, rate, correction1, correction2, eps);
    }
}
