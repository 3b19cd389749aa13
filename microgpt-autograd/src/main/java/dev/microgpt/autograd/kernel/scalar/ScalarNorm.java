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
            double mean = means == null ? 0.0 : Reductions.sum(x, xi, n) / n;
            for (int i = 0; i < n; i++) {
                y[yi + i] = x[xi + i] - mean;
            }
            double variance = Reductions.dot(y, yi, y, yi, n) / n;
            double factor = 1.0 / Math.sqrt(variance + eps);
            for (int i = 0; i < n; i++) {
                y[yi + i] = Math.fma(factor * y[yi + i], gain[i], bias == null ? 0.0 : bias[i]);
            }
            factors[first + t] = factor;
            if (means != null) {
                means[first + t] = mean;
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
            for (int i = 0; i < n; i++) {
                scratch[scratch0 + i] = dy[dyi + i] * gain[i];
                scratch[normalized + i] = (x[xi + i] - mean) * factor;
            }
            double meanOfProduct = Reductions.dot(scratch, scratch0, scratch, normalized, n) / n;
            if (means == null) {
                for (int i = 0; i < n; i++) {
                    double own = Math.fma(factor, scratch[scratch0 + i], dx[dxi + i]);
                    dx[dxi + i] = Math.fma(-factor * meanOfProduct, scratch[normalized + i], own);
                }
                continue;
            }
            double meanOfGradient = Reductions.sum(scratch, scratch0, n) / n;
            for (int i = 0; i < n; i++) {
                double rest = scratch[scratch0 + i] - meanOfGradient - scratch[normalized + i] * meanOfProduct;
                dx[dxi + i] += factor * rest;
            }
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
            for (int i = 0; i < n; i++) {
                double normalized = (x[x0 + t * xRow + i] - mean) * factors[t];
                dGain[dGain0 + i] = Math.fma(dy[dy0 + t * dyRow + i], normalized, dGain[dGain0 + i]);
            }
        }
    }
}
