package dev.microgpt.autograd.kernel.scalar;

import org.jspecify.annotations.Nullable;

/** Normalization of rows as plain loops, and its gradients; without means, rows are not centered. */
public final class ScalarNorm {
    private ScalarNorm() {}

    static void forward(
            int rows,
            int n,
            double eps,
            double[] x,
            int x0,
            double[] gain,
            double @Nullable [] bias,
            double[] y,
            int y0,
            double @Nullable [] means,
            double[] factors,
            int first) {
        for (int t = 0; t < rows; t++) {
            int xi = x0 + t * n;
            int yi = y0 + t * n;
            double[] centered = x;
            int ci = xi;
            if (means != null) {
                means[first + t] = Reductions.sum(x, xi, n) / n;
                center(x, xi, means[first + t], y, yi, n);
                centered = y;
                ci = yi;
            }
            double factor = 1.0 / Math.sqrt(Reductions.dot(centered, ci, centered, ci, n) / n + eps);
            apply(factor, centered, ci, gain, bias, y, yi, n);
            factors[first + t] = factor;
        }
    }

    private static void center(double[] x, int x0, double mean, double[] y, int y0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = x[x0 + i] - mean;
        }
    }

    private static void apply(
            double factor, double[] x, int x0, double[] gain, double @Nullable [] bias, double[] y, int y0, int n) {
        if (bias == null) {
            for (int i = 0; i < n; i++) {
                y[y0 + i] = Math.fma(factor * x[x0 + i], gain[i], 0.0);
            }
        } else {
            for (int i = 0; i < n; i++) {
                y[y0 + i] = Math.fma(factor * x[x0 + i], gain[i], bias[i]);
            }
        }
    }

    static void gradient(
            int rows,
            int n,
            double[] x,
            int x0,
            double[] gain,
            double @Nullable [] means,
            double[] factors,
            int first,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0,
            double[] scratch,
            int scratch0) {
        int normalized = scratch0 + n;
        for (int t = 0; t < rows; t++) {
            int xi = x0 + t * n;
            int dyi = dy0 + t * n;
            int dxi = dx0 + t * n;
            double mean = means == null ? 0.0 : means[first + t];
            double factor = factors[first + t];
            multiply(dy, dyi, gain, scratch, scratch0, n);
            normalize(x, xi, mean, factor, scratch, normalized, n);
            double meanOfProduct = Reductions.dot(scratch, scratch0, scratch, normalized, n) / n;
            if (means == null) {
                add(factor, scratch, scratch0, -factor * meanOfProduct, normalized, dx, dxi, n);
            } else {
                double meanOfGradient = Reductions.sum(scratch, scratch0, n) / n;
                for (int i = 0; i < n; i++) {
                    double rest = scratch[scratch0 + i] - meanOfGradient - scratch[normalized + i] * meanOfProduct;
                    dx[dxi + i] += factor * rest;
                }
            }
        }
    }

    private static void multiply(double[] dy, int dy0, double[] gain, double[] y, int y0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = dy[dy0 + i] * gain[i];
        }
    }

    private static void normalize(double[] x, int x0, double mean, double factor, double[] y, int y0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = (x[x0 + i] - mean) * factor;
        }
    }

    private static void add(double a, double[] x, int x0, double b, int x1, double[] y, int y0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = Math.fma(b, x[x1 + i], Math.fma(a, x[x0 + i], y[y0 + i]));
        }
    }

    static void gainGradient(
            int rows,
            int n,
            double[] x,
            int x0,
            int xRow,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            int dy0,
            int dyRow,
            double[] dGain,
            int dGain0) {
        for (int t = 0; t < rows; t++) {
            double mean = means == null ? 0.0 : means[t];
            addProduct(x, x0 + t * xRow, mean, factors[t], dy, dy0 + t * dyRow, dGain, dGain0, n);
        }
    }

    private static void addProduct(
            double[] x, int x0, double mean, double factor, double[] dy, int dy0, double[] sums, int sums0, int n) {
        for (int i = 0; i < n; i++) {
            sums[sums0 + i] = Math.fma(dy[dy0 + i], (x[x0 + i] - mean) * factor, sums[sums0 + i]);
        }
    }
}
