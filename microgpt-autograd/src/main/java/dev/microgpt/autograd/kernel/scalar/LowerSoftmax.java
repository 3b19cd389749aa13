package dev.microgpt.autograd.kernel.scalar;

/**
 * Softmax along the rows of a lower-triangular matrix whose elements are first multiplied by a factor.
 *
 * <p>Short rows share one call of {@code exp}: packed one after another in the space of the scores, they form a row
 * that is long enough for vectors.
 */
final class LowerSoftmax {
    /** Longer rows gain nothing from sharing a call. */
    private static final int SHORT = 16;

    private LowerSoftmax() {}

    /** Computes {@code softmax(alpha·x)} of the {@code past + i + 1} elements of each row i; overwrites x. */
    static void rows(
            LoopKernels kernels,
            int m,
            int past,
            double alpha,
            double[] x,
            int x0,
            int xRow,
            double[] y,
            int y0,
            int yRow) {
        int together = Math.max(0, Math.min(m, SHORT - past));
        if (together > 0) {
            together(kernels, together, past, alpha, x, x0, xRow, y, y0, yRow);
        }
        for (int i = together; i < m; i++) {
            int n = past + i + 1;
            int xi = x0 + i * xRow;
            kernels.scale(alpha, x, xi, x, xi, n);
            kernels.softmax(x, xi, y, y0 + i * yRow, n);
        }
    }

    /** Computes {@code dx = alpha·(y·(dx − Σ dx·y))} for the {@code past + i + 1} elements of each row i. */
    static void gradients(
            LoopKernels kernels,
            int m,
            int past,
            double alpha,
            double[] y,
            int y0,
            int yRow,
            double[] dx,
            int dx0,
            int dxRow) {
        int together = Math.max(0, Math.min(m, SHORT - past));
        for (int i = 0; i < together; i++) {
            int n = past + i + 1;
            int yi = y0 + i * yRow;
            int dxi = dx0 + i * dxRow;
            double dot = Reductions.dot(dx, dxi, y, yi, n);
            LoopKernels.softmaxGradient(alpha, dot, y, yi, dx, dxi, dx, dxi, n, false);
        }
        for (int i = together; i < m; i++) {
            int dxi = dx0 + i * dxRow;
            kernels.softmaxGradient(alpha, y, y0 + i * yRow, dx, dxi, dx, dxi, past + i + 1, false);
        }
    }

    private static void together(
            LoopKernels kernels,
            int m,
            int past,
            double alpha,
            double[] x,
            int x0,
            int xRow,
            double[] y,
            int y0,
            int yRow) {
        int end = x0;
        for (int i = 0; i < m; i++) {
            end = shift(alpha, x, x0 + i * xRow, past + i + 1, end);
        }
        kernels.exp(x, x0, 0.0, y, y0, end - x0);
        // from the last row to the first, because rows move right or stay
        int from = y0 + end - x0;
        for (int i = m - 1; i >= 0; i--) {
            int n = past + i + 1;
            from -= n;
            double inverse = 1.0 / Reductions.sum(y, from, n);
            int to = y0 + i * yRow;
            for (int j = n - 1; j >= 0; j--) {
                y[to + j] = inverse * y[from + j];
            }
        }
    }

    /** Moves a row left to {@code to}, scaled and with its maximum subtracted, and returns the index after it. */
    private static int shift(double alpha, double[] x, int from, int n, int to) {
        double max = alpha * Reductions.max(x, from, n); // also the maximum of the products, as alpha is positive
        for (int j = 0; j < n; j++) {
            x[to + j] = alpha * x[from + j] - max;
        }
        return to + n;
    }
}
