package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What every implementation of the products with a lower-triangular matrix must do, bit for bit. */
abstract class LowerContract {
    private static final int[] WIDTHS = {1, 3, 4, 8, 15, 16, 17, 32, 40, 64};
    private static final int[] PASTS = {0, 1, 3, 8, 13, 64};

    private final Random random = new Random(3);

    abstract Kernels kernels();

    @Test
    void everyRowIsAChainOverWhatItSees(TestReporter reporter) {
        int cases = 0;
        for (int m = 1; m <= 34; m++) {
            for (int n : WIDTHS) {
                for (int past : PASTS) {
                    compareNN(m, n, past, cases % 2 == 0);
                    compareTN(m, n, past, cases % 2 == 0);
                    cases++;
                }
            }
        }
        reporter.publishEntry("products equal to the last bit", Integer.toString(2 * cases));
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

    /** What a row must not see is NaN. */
    private double[] lower(int m, int past, int stride) {
        double[] a = numbers(3 + m * stride);
        for (int i = 0; i < m; i++) {
            Arrays.fill(a, 3 + i * stride + past + i + 1, 3 + (i + 1) * stride, Double.NaN);
        }
        return a;
    }

    private double[] numbers(int count) {
        double[] x = new double[count];
        Arrays.setAll(x, i -> random.nextGaussian());
        return x;
    }
}
