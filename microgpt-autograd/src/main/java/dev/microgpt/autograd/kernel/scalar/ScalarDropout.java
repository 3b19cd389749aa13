package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.internal.SplitMix;

/** Dropout, with random numbers that are computed where they are needed. */
public final class ScalarDropout {
    private ScalarDropout() {}

    /** See {@link dev.microgpt.autograd.Kernels#dropout}. */
    public static void dropout(
            long key,
            long first,
            long limit,
            double kept,
            double[] x,
            int x0,
            double[] y,
            int y0,
            int n,
            boolean accumulate) {
        long bits = Double.doubleToRawLongBits(kept);
        for (int i = 0; i < n; i++) {
            // 0 or all bits of the factor: a branch would often be mispredicted
            long all = ~(((SplitMix.bits(key, first + i) >>> 11) - limit) >> 63);
            double product = Double.longBitsToDouble(bits & all) * x[x0 + i];
            y[y0 + i] = accumulate ? y[y0 + i] + product : product;
        }
    }
}
