package dev.microgpt.autograd.kernel.scalar;

import static dev.microgpt.autograd.Kernels.LANES;

/**
 * Reductions of a row, with sums in the eight lanes that {@link dev.microgpt.autograd.Kernels} prescribes.
 *
 * <p>Eight scalar chains are as fast as one vector, because either is bound by the latency of the additions.
 */
public final class Reductions {
    private Reductions() {}

    static double sum(double[] x, int xOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int i = xOffset;
        int end = xOffset + n;
        for (; end - i >= LANES; i += LANES) {
            l0 += x[i];
            l1 += x[i + 1];
            l2 += x[i + 2];
            l3 += x[i + 3];
            l4 += x[i + 4];
            l5 += x[i + 5];
            l6 += x[i + 6];
            l7 += x[i + 7];
        }
        int rest = end - i;
        if (rest > 0) {
            l0 += x[i];
        }
        if (rest > 1) {
            l1 += x[i + 1];
        }
        if (rest > 2) {
            l2 += x[i + 2];
        }
        if (rest > 3) {
            l3 += x[i + 3];
        }
        if (rest > 4) {
            l4 += x[i + 4];
        }
        if (rest > 5) {
            l5 += x[i + 5];
        }
        if (rest > 6) {
            l6 += x[i + 6];
        }
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    public static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int i = xOffset;
        int j = yOffset;
        int end = xOffset + n;
        for (; end - i >= LANES; i += LANES, j += LANES) {
            l0 = Math.fma(x[i], y[j], l0);
            l1 = Math.fma(x[i + 1], y[j + 1], l1);
            l2 = Math.fma(x[i + 2], y[j + 2], l2);
            l3 = Math.fma(x[i + 3], y[j + 3], l3);
            l4 = Math.fma(x[i + 4], y[j + 4], l4);
            l5 = Math.fma(x[i + 5], y[j + 5], l5);
            l6 = Math.fma(x[i + 6], y[j + 6], l6);
            l7 = Math.fma(x[i + 7], y[j + 7], l7);
        }
        int rest = end - i;
        if (rest > 0) {
            l0 = Math.fma(x[i], y[j], l0);
        }
        if (rest > 1) {
            l1 = Math.fma(x[i + 1], y[j + 1], l1);
        }
        if (rest > 2) {
            l2 = Math.fma(x[i + 2], y[j + 2], l2);
        }
        if (rest > 3) {
            l3 = Math.fma(x[i + 3], y[j + 3], l3);
        }
        if (rest > 4) {
            l4 = Math.fma(x[i + 4], y[j + 4], l4);
        }
        if (rest > 5) {
            l5 = Math.fma(x[i + 5], y[j + 5], l5);
        }
        if (rest > 6) {
            l6 = Math.fma(x[i + 6], y[j + 6], l6);
        }
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    /** A maximum does not depend on the order; four chains hide each other's latency. */
    public static double max(double[] x, int xOffset, int n) {
        double m0 = Double.NEGATIVE_INFINITY, m1 = m0, m2 = m0, m3 = m0;
        int i = xOffset;
        int end = xOffset + n;
        for (; end - i >= 4; i += 4) {
            m0 = Math.max(m0, x[i]);
            m1 = Math.max(m1, x[i + 1]);
            m2 = Math.max(m2, x[i + 2]);
            m3 = Math.max(m3, x[i + 3]);
        }
        for (; i < end; i++) {
            m0 = Math.max(m0, x[i]);
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }
}
