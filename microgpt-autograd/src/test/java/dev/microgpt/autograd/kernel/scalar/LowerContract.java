package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What every implementation of the kernels for lower-triangular matrices must do, bit for bit. */
public abstract class LowerContract {
    private static final int[] WIDTHS = {1, 3, 4, 8, 15, 16, 17, 32, 40, 64};
    private static final int[] PASTS = {0, 1, 3, 8, 13, 64};

    /** Whether all heights are tried for each width and past, rather than every second. */
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    private final Random random = new Random(3);

    protected abstract Kernels kernels();

    @Test
    void everyRowIsAChainOverWhatItSees(TestReporter reporter) {
        int cases = 0;
        for (int m = 1; m <= 34; m++) {
            for (int n : WIDTHS) {
                for (int past : PASTS) {
                    if (!NIGHTLY && (m + n + past) % 2 == 0) {
                        continue;
                    }
                    compareNN(m, n, past, cases % 2 == 0);
                    compareTN(m, n, past, cases % 2 == 0);
                    compareOfNT(m, n, past);
                    cases++;
                }
            }
        }
        reporter.publishEntry("products equal to the last bit", Integer.toString(3 * cases));
    }

    /** Sizes at which B no longer fits into one block of panels. */
    @Test
    void largeProductsAreTheSameChains() {
        for (int[] size : new int[][] {{64, 33, 0}, {63, 33, 250}, {261, 17, 0}, {262, 17, 300}, {17, 401, 13}}) {
            compareNN(size[0], size[1], size[2], true);
            compareTN(size[0], size[1], size[2], true);
            compareOfNT(size[0], size[1], size[2]);
        }
        compareOfNT(40, 261, 380);
    }

    @Test
    void probabilitiesOfARowAreItsSoftmax() {
        for (int m = 1; m <= 34; m++) {
            for (int past : PASTS) {
                compareSoftmax(m, past, numbers(m * (past + m)));
            }
        }
    }

    /** Short rows are computed together, and still must not spoil each other. */
    @Test
    void whatIsNotFiniteSpoilsItsRowOnly() {
        double[] odd = {
            Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -1e308, 1e308, -800.0, 800.0, -0.0
        };
        for (double value : odd) {
            for (int m = 1; m <= 18; m++) {
                for (int row = 0; row < m; row++) {
                    int past = row % 3;
                    double[] scores = numbers(m * (past + m));
                    scores[row * (past + m) + random.nextInt(past + row + 1)] = value;
                    compareSoftmax(m, past, scores);
                    Arrays.fill(scores, row * (past + m), (row + 1) * (past + m), value);
                    compareSoftmax(m, past, scores);
                }
            }
        }
    }

    private void compareSoftmax(int m, int past, double[] scores) {
        double alpha = 0.25 + random.nextDouble();
        int n = past + m;
        int xStride = n + 2;
        int yStride = n + 3;
        double[] x = lower(m, past, xStride);
        double[] y = numbers(7 + m * yStride + 5);
        double[] before = y.clone();
        double[] expected = new double[n];
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++) {
            rows[i] = Arrays.copyOfRange(scores, i * n, i * n + past + i + 1);
            System.arraycopy(rows[i], 0, x, 3 + i * xStride, past + i + 1);
        }
        kernels().lowerSoftmax(m, past, alpha, x, 3, xStride, y, 7, yStride);
        for (int i = 0; i < m; i++) {
            String what = "row " + i + " of the softmax of " + m + " rows, past " + past;
            int seen = past + i + 1;
            double[] scaled = Arrays.stream(rows[i]).map(score -> alpha * score).toArray();
            NaiveKernels.softmax(kernels(), scaled, 0, expected, 0, seen);
            for (int u = 0; u < seen; u++) {
                KernelsContract.assertSame(expected[u], y[7 + i * yStride + u], what);
            }
        }
        for (int i = 0; i < y.length; i++) {
            if (i < 7 || i >= 7 + m * yStride) {
                KernelsContract.assertSame(before[i], y[i], "wrote before or behind, at " + i);
            }
        }
    }

    @Test
    void gradientsOfARowAreThoseOfItsSoftmax() {
        for (int m = 1; m <= 34; m++) {
            for (int past : PASTS) {
                int stride = past + m + 2;
                double[] y = lower(m, past, stride);
                double[] dx = numbers(3 + m * stride);
                double[] expected = dx.clone();
                for (int i = 0; i < m; i++) {
                    int row = 3 + i * stride;
                    double dot = NaiveKernels.dot(dx, row, y, row, past + i + 1);
                    for (int u = row; u <= row + past + i; u++) {
                        expected[u] = 0.3 * (y[u] * (dx[u] - dot));
                    }
                }
                kernels().lowerSoftmaxGradient(m, past, 0.3, y, 3, stride, dx, 3, stride);
                KernelsContract.assertSame(expected, dx, m + " rows, past " + past);
            }
        }
    }

    private void compareNN(int m, int n, int past, boolean accumulate) {
        int aStride = past + m + 3;
        double[] a = lower(m, past, aStride);
        double[] b = numbers(5 + (past + m) * (n + 2));
        double[] c = numbers(7 + m * (n + 1));
        double[] expected = c.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = accumulate ? c[7 + i * (n + 1) + j] : 0.0;
                for (int p = 0; p <= past + i; p++) {
                    sum = Math.fma(a[3 + i * aStride + p], b[5 + p * (n + 2) + j], sum);
                }
                expected[7 + i * (n + 1) + j] = sum;
            }
        }
        kernels().lowerNN(m, n, past, a, 3, aStride, b, 5, n + 2, c, 7, n + 1, accumulate);
        KernelsContract.assertSame(expected, c, "NN " + m + " × " + n + ", past " + past);
    }

    private void compareTN(int m, int n, int past, boolean accumulate) {
        int aStride = past + m + 3;
        double[] a = lower(m, past, aStride);
        double[] b = numbers(5 + m * (n + 2));
        double[] c = numbers(7 + (past + m) * (n + 1));
        double[] expected = c.clone();
        for (int u = 0; u < past + m; u++) {
            for (int j = 0; j < n; j++) {
                double sum = accumulate ? c[7 + u * (n + 1) + j] : 0.0;
                for (int i = Math.max(0, u - past); i < m; i++) {
                    sum = Math.fma(a[3 + i * aStride + u], b[5 + i * (n + 2) + j], sum);
                }
                expected[7 + u * (n + 1) + j] = sum;
            }
        }
        kernels().lowerTN(m, n, past, a, 3, aStride, b, 5, n + 2, c, 7, n + 1, accumulate);
        KernelsContract.assertSame(expected, c, "TN " + m + " × " + n + ", past " + past);
    }

    private void compareOfNT(int m, int k, int past) {
        int n = past + m;
        double[] a = numbers(3 + m * (k + 2));
        double[] b = numbers(5 + n * (k + 1));
        double[] c = numbers(7 + m * (n + 3));
        double[] before = c.clone();
        kernels().lowerOfNT(m, k, past, a, 3, k + 2, b, 5, k + 1, c, 7, n + 3);
        String what = "of NT " + m + " × " + k + ", past " + past;
        for (int i = 0; i < m; i++) {
            int row = 7 + i * (n + 3);
            for (int u = 0; u <= past + i; u++) {
                double sum = 0.0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[3 + i * (k + 2) + p], b[5 + u * (k + 1) + p], sum);
                }
                KernelsContract.assertSame(sum, c[row + u], what);
            }
            for (int u = n; u < n + 3 && row + u < c.length; u++) {
                KernelsContract.assertSame(before[row + u], c[row + u], what + " wrote behind row " + i);
            }
        }
    }

    /** What a row must not see is NaN. */
    private double[] lower(int m, int past, int stride) {
        double[] a = numbers(3 + m * stride);
        for (int i = 0; i < m; i++) {
            Arrays.fill(a, 3 + i * stride + past + i + 1, 3 + (i + 1) * stride, Double.NaN);
        }
        return a;
    }

    private double[] numbers(int count) {
        return Gaussians.from(random, count);
    }
}
