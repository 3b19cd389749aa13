package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import org.jspecify.annotations.Nullable;

/** The contract of {@link Kernels} in its shortest form, one element after another. */
final class NaiveKernels {
    private NaiveKernels() {}

    /** Where the elements of a matrix lie: row {@code i}, column {@code j} at {@code offset + i·row + j·column}. */
    record Layout(double[] array, int offset, int row, int column) {
        int index(int i, int j) {
            return offset + i * row + j * column;
        }

        double get(int i, int j) {
            return array[index(i, j)];
        }
    }

    /** {@code C = A·B} or {@code C += A·B}: each element is one chain of fma in ascending order. */
    static void product(int m, int n, int k, Layout a, Layout b, Layout c, boolean accumulate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = accumulate ? c.get(i, j) : 0.0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a.get(i, p), b.get(p, j), sum);
                }
                c.array[c.index(i, j)] = sum;
            }
        }
    }

    static double sum(double[] x, int xOffset, int n) {
        double[] lanes = new double[8];
        for (int i = 0; i < n; i++) {
            lanes[i % 8] += x[xOffset + i];
        }
        return combine(lanes);
    }

    static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double[] lanes = new double[8];
        for (int i = 0; i < n; i++) {
            lanes[i % 8] = Math.fma(x[xOffset + i], y[yOffset + i], lanes[i % 8]);
        }
        return combine(lanes);
    }

    private static double combine(double[] l) {
        return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
    }

    /** One row of {@link Kernels#norm}, whose results are {@code y}, the factors and, if there are any, the means. */
    static void norm(
            int n,
            double eps,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] bias,
            double[][] results,
            int yOffset,
            int row) {
        double mean = results.length < 3 ? 0.0 : sum(x, xOffset, n) / n;
        double[] centered = new double[n];
        for (int i = 0; i < n; i++) {
            centered[i] = x[xOffset + i] - mean;
        }
        double factor = 1.0 / Math.sqrt(dot(centered, 0, centered, 0, n) / n + eps);
        for (int i = 0; i < n; i++) {
            results[0][yOffset + i] = Math.fma(centered[i] * factor, gain[i], bias == null ? 0.0 : bias[i]);
        }
        results[1][row] = factor;
        if (results.length == 3) {
            results[2][row] = mean;
        }
    }

    /** {@code y = exp(x − max x) · (1 / Σ exp(x − max x))}, with the exponential of the kernels under test. */
    static void softmax(Kernels kernels, double[] x, int xOffset, double[] y, int yOffset, int n) {
        double max = x[xOffset];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, x[xOffset + i]);
        }
        for (int i = 0; i < n; i++) {
            kernels.exp(x, xOffset + i, max, y, yOffset + i, 1);
        }
        double inverse = 1.0 / sum(y, yOffset, n);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = y[yOffset + i] * inverse;
        }
    }

    /** One element of parameters, gradients and both moments. */
    static void adam(
            double[][] pgmv,
            int i,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps) {
        double g = pgmv[1][i];
        pgmv[2][i] = beta1 * pgmv[2][i] + (1 - beta1) * g;
        pgmv[3][i] = beta2 * pgmv[3][i] + (1 - beta2) * (g * g);
        pgmv[0][i] -= rate * quotient(pgmv[2][i], correction1) / (Math.sqrt(quotient(pgmv[3][i], correction2)) + eps);
    }

    /** {@code x / c} by the reciprocal of {@code c} and one correction. */
    static double quotient(double x, double c) {
        double r = 1 / c;
        return Math.fma(Math.fma(-c, x * r, x), r, x * r);
    }
}
