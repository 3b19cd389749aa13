package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.scalar.NaiveKernels.Layout;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every implementation of the matrix product must do, bit for bit: a subclass names it. */
public abstract class ProductContract {
    /** Around the limits of tiles and vectors of any width. */
    private static final int[] AWKWARD = {1, 2, 5, 8, 15, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 70};

    /** Whether all sizes are tried, rather than a third of them, in which every height and every width occurs. */
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    private final Random random = new Random(2);

    protected abstract Kernels kernels();

    /** Which factors are stored transposed (T) and which are not (N), A first. */
    enum Product {
        NN,
        NT,
        TN,
        TT;

        boolean transposesA() {
            return this == TN || this == TT;
        }

        boolean transposesB() {
            return this == NT || this == TT;
        }
    }

    private void run(int m, int n, int k, Layout a, Layout b, Layout c, boolean accumulate) {
        kernels()
                .matmul(
                        m,
                        n,
                        k,
                        a.array(),
                        a.offset(),
                        a.row(),
                        a.column(),
                        b.array(),
                        b.offset(),
                        b.row(),
                        b.column(),
                        c.array(),
                        c.offset(),
                        c.row(),
                        accumulate);
    }

    @ParameterizedTest
    @EnumSource
    void everySizeUpToTwentyIsAChainOfFma(Product product, TestReporter reporter) {
        int cases = 0;
        for (int m = 1; m <= 20; m++) {
            for (int n = 1; n <= 20; n++) {
                for (int k = 1; k <= 20; k++) {
                    compare(product, m, n, k, random.nextBoolean(), random.nextBoolean());
                    cases++;
                }
            }
        }
        reporter.publishEntry(product.name(), cases + " products equal to the last bit");
    }

    @ParameterizedTest
    @EnumSource
    void everyHeightAndWidthUpToSeventyIsAChainOfFma(Product product, TestReporter reporter) {
        int cases = 0;
        for (int m = 1; m <= 70; m++) {
            for (int n = 1; n <= 70; n++) {
                if (NIGHTLY || (m + 2 * n) % 3 == 0) {
                    compare(product, m, n, 1 + (37 * m + 11 * n) % 70, (m + n) % 2 == 0, (m + n) % 3 == 0);
                    cases++;
                }
            }
        }
        reporter.publishEntry(product.name(), cases + " products equal to the last bit");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void everySizeUpToSeventyIsAChainOfFma(Product product) {
        for (int m = 1; m <= 70; m++) {
            for (int n = 1; n <= 70; n++) {
                for (int k = 1; k <= 70; k++) {
                    compare(product, m, n, k, k % 2 == 0, k % 3 == 0);
                }
            }
        }
    }

    /** The layers of models, and sizes that come in several blocks of rows, columns and steps. */
    @ParameterizedTest
    @EnumSource
    void largeSizesAreAChainOfFma(Product product) {
        int[][] sizes = {
            {1, 100, 300},
            {2, 29, 128},
            {1, 8, 127},
            {5, 7, 700},
            {7, 64, 16},
            {230, 27, 16},
            {16, 16, 230},
            {768, 65, 128},
            {65, 128, 768},
            {128, 512, 100},
            {1, 65, 768},
            {2, 400, 300},
            {3, 800, 30},
            {50, 401, 600},
            {41, 16, 1100},
            {33, 17, 513}
        };
        for (int[] size : sizes) {
            compare(product, size[0], size[1], size[2], false, true);
            compare(product, size[0], size[1], size[2], true, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void awkwardSizesAreAChainOfFma(Product product, TestReporter reporter) {
        int cases = 0;
        for (int i = 0; i < AWKWARD.length; i++) {
            for (int j = 0; j < AWKWARD.length; j++) {
                int k = AWKWARD[(i + 2 * j) % AWKWARD.length];
                compare(product, AWKWARD[i], AWKWARD[j], k, true, (i + j) % 2 == 0);
                compare(product, AWKWARD[i], AWKWARD[j], k, false, (i + j) % 2 == 1);
                cases += 2;
            }
        }
        reporter.publishEntry(product.name(), cases + " products equal to the last bit");
    }

    /** Nothing to add up gives zeros, or leaves what is there. */
    @ParameterizedTest
    @EnumSource
    void emptyInnerDimensionIsAnEmptyChain(Product product) {
        compare(product, 5, 6, 0, true, true);
        compare(product, 5, 6, 0, false, true);
    }

    private void compare(Product product, int m, int n, int k, boolean accumulate, boolean margins) {
        Layout a = factor(m, k, margins, product.transposesA());
        Layout b = factor(k, n, margins, product.transposesB());
        Layout c = matrix(m, n, margins);
        Layout expected = copy(c);
        double[] aBefore = a.array().clone();
        double[] bBefore = b.array().clone();
        NaiveKernels.product(m, n, k, a, b, expected, accumulate);
        run(m, n, k, a, b, c, accumulate);
        String what = product + " " + m + " × " + k + " × " + n + (accumulate ? ", accumulated" : "");
        KernelsContract.assertSame(expected.array(), c.array(), what); // with all that lies around the result
        KernelsContract.assertSame(aBefore, a.array(), what + " changed a factor");
        KernelsContract.assertSame(bBefore, b.array(), what + " changed a factor");
    }

    // ---- laws ----

    /** Two micro-batches that accumulate are one batch. */
    @ParameterizedTest
    @EnumSource
    void productInTwoHalvesEqualsTheWhole(Product product, TestReporter reporter) {
        int numbers = 0;
        for (int run = 0; run < 300; run++) {
            int m = 1 + random.nextInt(33);
            int n = 1 + random.nextInt(33);
            int k = 2 + random.nextInt(60);
            int half = 1 + random.nextInt(k - 1);
            Layout a = factor(m, k, true, product.transposesA());
            Layout b = factor(k, n, true, product.transposesB());
            Layout whole = matrix(m, n, true);
            Layout halves = copy(whole);
            run(m, n, k, a, b, whole, run % 2 == 0);
            run(m, n, half, a, b, halves, run % 2 == 0);
            run(m, n, k - half, from(a, 0, half), from(b, half, 0), halves, true);
            KernelsContract.assertSame(whole.array(), halves.array(), half + " and the rest of " + k);
            numbers += m * n;
        }
        reporter.publishEntry(product.name(), numbers + " numbers, 0 differ");
    }

    /** An element does not depend on the tile that it falls into. */
    @ParameterizedTest
    @EnumSource
    void partOfAProductEqualsTheProductOfParts(Product product) {
        Layout a = factor(70, 31, true, product.transposesA());
        Layout b = factor(31, 65, true, product.transposesB());
        Layout whole = matrix(70, 65, true);
        Layout parts = copy(whole);
        run(70, 65, 31, a, b, whole, false);
        for (int i = 0; i < 70; i += 7) {
            for (int j = 0; j < 65; j += 13) {
                run(7, 13, 31, from(a, i, 0), from(b, 0, j), from(parts, i, j), false);
            }
        }
        KernelsContract.assertSame(whole.array(), parts.array(), "parts of 7 × 13");
    }

    @Test
    void productKeepsTheSignOfZeroOfItsChain() {
        double[] c = {-0.0};
        kernels().matmul(1, 1, 1, new double[] {-1}, 0, 1, 1, new double[] {0}, 0, 1, 1, c, 0, 1, false);
        KernelsContract.assertSame(0.0, c[0], "+0.0 + (-1 · 0)");
        c[0] = -0.0;
        kernels().matmul(1, 1, 1, new double[] {-1}, 0, 1, 1, new double[] {0}, 0, 1, 1, c, 0, 1, true);
        KernelsContract.assertSame(-0.0, c[0], "-0.0 + (-1 · 0)");
    }

    // ---- matrices ----

    private Layout matrix(int rows, int columns, boolean margins) {
        int offset = margins ? 5 : 0;
        int stride = margins ? columns + 3 : columns;
        return new Layout(numbers(offset + rows * stride + 2 * offset), offset, stride, 1);
    }

    private Layout factor(int rows, int columns, boolean margins, boolean transposed) {
        if (!transposed) {
            return matrix(rows, columns, margins);
        }
        Layout stored = matrix(columns, rows, margins);
        return new Layout(stored.array(), stored.offset(), 1, stored.row());
    }

    private static Layout copy(Layout matrix) {
        return new Layout(matrix.array().clone(), matrix.offset(), matrix.row(), matrix.column());
    }

    private static Layout from(Layout matrix, int row, int column) {
        return new Layout(matrix.array(), matrix.index(row, column), matrix.row(), matrix.column());
    }

    private double[] numbers(int count) {
        return Gaussians.from(random, count);
    }
}
