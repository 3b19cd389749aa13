package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;

/** Panels of packed matrices by plain loops. */
final class ScalarPacked {
    /** The width of panels: as many sums as hide the latency of {@code fma}. */
    static final int WIDTH = 8;

    /** The height of strips. */
    static final int HEIGHT = 4;

    private static final ThreadLocal<double[]> WIDENED =
            ThreadLocal.withInitial(() -> new double[PackedProducts.STEPS * WIDTH]);

    private ScalarPacked() {}

    /** Adds the product of a row and a panel, which begins at {@code b0}, to {@code WIDTH} sums. */
    static void panel(PackedMatrix b, int b0, int k, double[] a, int a0, double[] sums, int s0) {
        if (b.precision() == Precision.F64) {
            ofDoubles(b.numbers(), b0, k, a, a0, sums, s0);
        } else if (b.precision() == Precision.F32) {
            ofFloats(b.bits(), b0, k, a, a0, sums, s0);
        } else {
            ofPairs(b.bits(), b0, k, a, a0, sums, s0);
        }
    }

    private static void ofDoubles(double[] b, int b0, int k, double[] a, int a0, double[] c, int c0) {
        double s0 = c[c0], s1 = c[c0 + 1], s2 = c[c0 + 2], s3 = c[c0 + 3];
        double s4 = c[c0 + 4], s5 = c[c0 + 5], s6 = c[c0 + 6], s7 = c[c0 + 7];
        for (int p = 0; p < k; p++) {
            double x = a[a0 + p];
            int q = b0 + p * WIDTH;
            s0 = Math.fma(x, b[q], s0);
            s1 = Math.fma(x, b[q + 1], s1);
            s2 = Math.fma(x, b[q + 2], s2);
            s3 = Math.fma(x, b[q + 3], s3);
            s4 = Math.fma(x, b[q + 4], s4);
            s5 = Math.fma(x, b[q + 5], s5);
            s6 = Math.fma(x, b[q + 6], s6);
            s7 = Math.fma(x, b[q + 7], s7);
        }
        store(c, c0, s0, s1, s2, s3, s4, s5, s6, s7);
    }

    private static void ofFloats(int[] b, int b0, int k, double[] a, int a0, double[] c, int c0) {
        double s0 = c[c0], s1 = c[c0 + 1], s2 = c[c0 + 2], s3 = c[c0 + 3];
        double s4 = c[c0 + 4], s5 = c[c0 + 5], s6 = c[c0 + 6], s7 = c[c0 + 7];
        for (int p = 0; p < k; p++) {
            double x = a[a0 + p];
            int q = b0 + p * WIDTH;
            s0 = Math.fma(x, Float.intBitsToFloat(b[q]), s0);
            s1 = Math.fma(x, Float.intBitsToFloat(b[q + 1]), s1);
            s2 = Math.fma(x, Float.intBitsToFloat(b[q + 2]), s2);
            s3 = Math.fma(x, Float.intBitsToFloat(b[q + 3]), s3);
            s4 = Math.fma(x, Float.intBitsToFloat(b[q + 4]), s4);
            s5 = Math.fma(x, Float.intBitsToFloat(b[q + 5]), s5);
            s6 = Math.fma(x, Float.intBitsToFloat(b[q + 6]), s6);
            s7 = Math.fma(x, Float.intBitsToFloat(b[q + 7]), s7);
        }
        store(c, c0, s0, s1, s2, s3, s4, s5, s6, s7);
    }

    private static void ofPairs(int[] b, int b0, int k, double[] a, int a0, double[] c, int c0) {
        double s0 = c[c0], s1 = c[c0 + 1], s2 = c[c0 + 2], s3 = c[c0 + 3];
        double s4 = c[c0 + 4], s5 = c[c0 + 5], s6 = c[c0 + 6], s7 = c[c0 + 7];
        for (int p = 0; p < k; p++) {
            double x = a[a0 + p];
            int q = b0 + p * (WIDTH / 2);
            s0 = Math.fma(x, lower(b[q]), s0);
            s1 = Math.fma(x, lower(b[q + 1]), s1);
            s2 = Math.fma(x, lower(b[q + 2]), s2);
            s3 = Math.fma(x, lower(b[q + 3]), s3);
            s4 = Math.fma(x, upper(b[q]), s4);
            s5 = Math.fma(x, upper(b[q + 1]), s5);
            s6 = Math.fma(x, upper(b[q + 2]), s6);
            s7 = Math.fma(x, upper(b[q + 3]), s7);
        }
        store(c, c0, s0, s1, s2, s3, s4, s5, s6, s7);
    }

    private static void store(
            double[] c,
            int c0,
            double s0,
            double s1,
            double s2,
            double s3,
            double s4,
            double s5,
            double s6,
            double s7) {
        c[c0] = s0;
        c[c0 + 1] = s1;
        c[c0 + 2] = s2;
        c[c0 + 3] = s3;
        c[c0 + 4] = s4;
        c[c0 + 5] = s5;
        c[c0 + 6] = s6;
        c[c0 + 7] = s7;
    }

    /** Adds the product of a strip and {@code steps} columns of a panel, which begin at {@code b0}, to a tile of C. */
    static void tile(PackedMatrix b, int b0, int steps, double[] a, int a0, double[] c, int c0, int cRow) {
        double[] panel = b.numbers();
        int panel0 = b0;
        if (b.precision() != Precision.F64) {
            panel = WIDENED.get();
            panel0 = 0;
            widen(b, b0, steps, panel);
        }
        ProductTiles.product(HEIGHT, WIDTH, steps, a, a0, 1, HEIGHT, panel, panel0, WIDTH, 1, c, c0, cRow, true);
    }

    private static void widen(PackedMatrix b, int b0, int steps, double[] to) {
        int[] bits = b.bits();
        if (b.precision() == Precision.F32) {
            for (int i = 0; i < steps * WIDTH; i++) {
                to[i] = Float.intBitsToFloat(bits[b0 + i]);
            }
        } else {
            int half = WIDTH / 2;
            for (int p = 0; p < steps; p++) {
                for (int i = 0; i < half; i++) {
                    to[p * WIDTH + i] = lower(bits[b0 + p * half + i]);
                    to[p * WIDTH + half + i] = upper(bits[b0 + p * half + i]);
                }
            }
        }
    }

    private static double lower(int pair) {
        return Float.intBitsToFloat(pair << 16);
    }

    private static double upper(int pair) {
        return Float.intBitsToFloat(pair & 0xFFFF_0000);
    }
}
