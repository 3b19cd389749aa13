package dev.microgpt.autograd.kernel.function;

/**
 * The exponential: {@code exp(x) = 2ᵏ · exp(r)} with {@code k = round(x / ln 2)} and {@code r = x − k · ln 2}.
 *
 * <p>The reduction is that of Cody and Waite: {@code ln 2} is the sum of two doubles, and with {@code fma} the
 * subtraction of the first is exact. Then {@code |r| ≤ ln(2)/2}, and {@code exp(r) − 1 = r + r² · Q(r)} with a minimax
 * polynomial {@code Q} of degree 9 (relative error of the sum 2⁻⁵⁵).
 *
 * @see <a href="https://doi.org/10.1007/978-1-4899-7983-4">Muller, Elementary Functions, 3rd edition, 2016, chapters 3
 *     (minimax polynomials) and 11 (range reduction)</a>
 */
public final class Exp {
    /**
     * Shorter rows use one loop over the scalar function: the loops that C2 vectorizes need a copy first and win from
     * about 20 elements.
     */
    static final int SHORT = 24;

    public static final double INVERSE_LN_2 = 0x1.71547652b82fep0;
    public static final double LN_2_HIGH = 0x1.62e42fefa39efp-1;
    public static final double LN_2_LOW = 0x1.abc9e3b39803fp-56;

    /** Added to a number, leaves no bits for a fraction: the sum is rounded to an integer in its lowest bits. */
    public static final double BIAS = 0x1.8p52;

    /** For {@code |x|} below this, {@code exp(x)} is a normal number. */
    public static final double NORMAL = 708.0;

    /** The coefficients of {@code Q}, by power of {@code r}. */
    public static final double Q0 = 0x1.0000000000005p-1;

    public static final double Q1 = 0x1.555555555553ep-3;
    public static final double Q2 = 0x1.555555555217ap-5;
    public static final double Q3 = 0x1.1111111117547p-7;
    public static final double Q4 = 0x1.6c16c17f2f22fp-10;
    public static final double Q5 = 0x1.a01a018100103p-13;
    public static final double Q6 = 0x1.a019a66c9de65p-16;
    public static final double Q7 = 0x1.71de669b205b6p-19;
    public static final double Q8 = 0x1.28a2e8da2d19ep-22;
    public static final double Q9 = 0x1.aeab67b38503ep-26;

    private Exp() {}

    /** Writes {@code y[i] = exp(x[i] − shift)}; x and y must not overlap. */
    public static void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        if (n < SHORT) {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] = exp(x[xOffset + i] - shift);
            }
            return;
        }
        // C2 vectorizes loops over one array at one offset, hence the copy, but no bit casts, hence the second loop
        System.arraycopy(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            double t = y[yOffset + i] - shift;
            y[yOffset + i] = 1.0 + expm1OfRest(t, biasedExponent(t));
        }
        for (int i = 0; i < n; i++) {
            double t = x[xOffset + i] - shift;
            y[yOffset + i] = scale(y[yOffset + i], biasedExponent(t), t);
        }
    }

    static double exp(double x) {
        double biased = biasedExponent(x);
        return scale(1.0 + expm1OfRest(x, biased), biased, x);
    }

    /** Returns {@code BIAS + k} with {@code k = round(x / ln 2)}. */
    static double biasedExponent(double x) {
        return Math.fma(x, INVERSE_LN_2, BIAS);
    }

    /** Returns {@code exp(r) − 1} with {@code r = x − k · ln 2}; an arbitrary value if {@code |x|} is above 746. */
    static double expm1OfRest(double x, double biased) {
        double k = biased - BIAS;
        double high = Math.fma(-k, LN_2_HIGH, x);
        double low = -k * LN_2_LOW;
        double r = high + low;
        double z = r * r;
        // two chains, for even and odd powers, halve the latency
        double even = Math.fma(Q8, z, Q6);
        even = Math.fma(Math.fma(Math.fma(even, z, Q4), z, Q2), z, Q0);
        double odd = Math.fma(Q9, z, Q7);
        odd = Math.fma(Math.fma(Math.fma(odd, z, Q5), z, Q3), z, Q1);
        // r + r² · Q(r) without the rounding error of r
        return high + Math.fma(z, Math.fma(r, odd, even), low);
    }

    /** Returns {@code p · 2ᵏ}, where {@code p = exp(r)} lies between 0.7 and 1.42. */
    static double scale(double p, double biased, double x) {
        if (Math.abs(x) < NORMAL) {
            return Double.longBitsToDouble(Double.doubleToRawLongBits(p) + (Double.doubleToRawLongBits(biased) << 52));
        }
        return scaleExtreme(p, biased, x);
    }

    /** The same for results that are infinite, subnormal, zero or NaN. */
    private static double scaleExtreme(double p, double biased, double x) {
        if (x > 710.0) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < -746.0) {
            return 0.0;
        }
        // 2ᵏ itself may not be a double; the first product is exact, so a subnormal result is rounded only once more
        int k = (int) (biased - BIAS);
        return p * powerOfTwo(k / 2) * powerOfTwo(k - k / 2);
    }

    private static double powerOfTwo(int k) {
        return Double.longBitsToDouble((long) (k + Double.MAX_EXPONENT) << 52);
    }
}
