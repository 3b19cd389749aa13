package dev.microgpt.autograd.kernel.function;

/**
 * The natural logarithm: {@code log(x) = k · ln 2 + log(1 + f)} with {@code x = 2ᵏ · (1 + f)} and
 * {@code √½ ≤ 1 + f < √2}.
 *
 * <p>With {@code s = f / (2 + f)}, {@code log(1 + f) = 2 · artanh(s) = f − s · (f − s² · P(s²))}, where f is exact and
 * the rest a correction; the minimax polynomial P has degree 6 (relative error of the whole 2⁻⁵⁹).
 *
 * @see <a href="https://doi.org/10.1145/98267.98294">Tang, Table-driven implementation of the logarithm function in
 *     IEEE floating-point arithmetic, 1990</a>
 * @see <a href="https://doi.org/10.1007/978-1-4899-7983-4">Muller, Elementary Functions, 3rd edition, 2016</a>
 */
final class Log {
    /** The first 41 bits of {@code ln 2}: its product with an exponent is exact. */
    private static final double LN_2_HIGH = 0x1.62e42fefa3p-1;

    private static final double LN_2_LOW = 0x1.3de6af278ece6p-42;
    private static final long SQRT_HALF = Double.doubleToRawLongBits(0x1.6a09e667f3bcdp-1);

    private Log() {}

    /** Writes {@code y[i] = log(x[i])}; in place is allowed. */
    static void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = log(x[xOffset + i]);
        }
    }

    static double log(double x) {
        if (x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE) {
            return logOfNormal(x, 0.0);
        }
        return logOfExtreme(x);
    }

    private static double logOfExtreme(double x) {
        if (x > 0.0 && x < Double.MIN_NORMAL) {
            return logOfNormal(x * 0x1p54, -54.0);
        }
        if (x == 0.0) {
            return Double.NEGATIVE_INFINITY;
        }
        return x > 0.0 ? x : Double.NaN;
    }

    /** Returns {@code log(x · 2^exponent)}. */
    private static double logOfNormal(double x, double exponent) {
        long bits = Double.doubleToRawLongBits(x);
        long octaves = (bits - SQRT_HALF) >> 52;
        double f = Double.longBitsToDouble(bits - (octaves << 52)) - 1.0;
        double k = octaves + exponent;
        double s = f / (2.0 + f);
        double z = s * s;
        double p = 0x1.2f0d948f8e7fcp-3;
        p = Math.fma(p, z, 0x1.39a0f4670eebap-3);
        p = Math.fma(p, z, 0x1.74664632ec9a2p-3);
        p = Math.fma(p, z, 0x1.c71c51e7d4d88p-3);
        p = Math.fma(p, z, 0x1.2492494217d3dp-2);
        p = Math.fma(p, z, 0x1.999999997fb2dp-2);
        p = Math.fma(p, z, 0x1.5555555555593p-1);
        double correction = Math.fma(s, Math.fma(z, p, -f), k * LN_2_LOW);
        // whole + f as an exact sum of two doubles (Dekker: |whole| ≥ |f|, or whole is 0)
        double whole = k * LN_2_HIGH;
        double high = whole + f;
        double low = f - (high - whole);
        return high + (low + correction);
    }
}
