package dev.microgpt.autograd.kernel.function;

/**
 * The error function, in two parts: {@code erf(x) = x + x · P(x²)} up to 1.375, and beyond it
 * {@code erf(1.375) + 1.375 · (R(1.375)⁸ − R(x)⁸)} with {@code R(x)⁸ = erfc(x) / 1.375}; odd.
 *
 * <p>P (degree 13) and R (degree 15) are minimax polynomials, with an error below 2⁻⁵⁵ in erf. The power lets one
 * polynomial of moderate degree follow the steep fall of erfc up to 6, after Hastings. Both parts are computed for each
 * x, with x clamped to the interval of the part, and added: without a branch, C2 vectorizes the whole loop.
 *
 * @see <a href="https://dlmf.nist.gov/7">DLMF, chapter 7, Error functions</a>
 * @see <a href="https://personal.math.ubc.ca/~cbm/aands/page_299.htm">Abramowitz and Stegun, Handbook of Mathematical
 *     Functions, 1964, 7.1.28, for the power of a polynomial</a>
 */
public final class Erf {
    public static final double SPLIT = 1.375;

    /** From about 5.93, the nearest double is 1, which the second part reaches at 6. */
    public static final double SATURATED = 6.0;

    /** The coefficients of {@code P}, by power of {@code x² − SPLIT²/2}. */
    public static final double P0 = -0x1.29da51bbe6564p-3;

    public static final double P1 = -0x1.c2c2d87dbd035p-3;
    public static final double P2 = 0x1.e0a4378c8605cp-5;
    public static final double P3 = -0x1.ac538f0912ed2p-7;
    public static final double P4 = 0x1.3f5f43b5e983ep-9;
    public static final double P5 = -0x1.961c6ac45a22cp-12;
    public static final double P6 = 0x1.c093539d7a60dp-15;
    public static final double P7 = -0x1.b535b3e12ffd4p-18;
    public static final double P8 = 0x1.7cee2fb3b9e9cp-21;
    public static final double P9 = -0x1.2be517cea8d38p-24;
    public static final double P10 = 0x1.ae77b4269d2d7p-28;
    public static final double P11 = -0x1.1be26896029d1p-31;
    public static final double P12 = 0x1.5f4483cf0f319p-35;
    public static final double P13 = -0x1.8b3e4cd62be3bp-39;

    /** The coefficients of {@code R}, by power of {@code x − SPLIT}. */
    public static final double R0 = 0x1.53dd173573875p-1;

    public static final double R1 = -0x1.17464090e71c6p-2;
    public static final double R2 = -0x1.199784bcaaa04p-6;
    public static final double R3 = 0x1.47a90eaf431e4p-6;
    public static final double R4 = 0x1.ab922a03ff4dep-13;
    public static final double R5 = -0x1.31d4d5de4b006p-10;
    public static final double R6 = 0x1.69b30fd9ccdb7p-14;
    public static final double R7 = 0x1.259c14712a22ap-15;
    public static final double R8 = -0x1.53c8250e995d4p-18;
    public static final double R9 = -0x1.3362c700e34dap-22;
    public static final double R10 = -0x1.9c610df99fafep-27;
    public static final double R11 = 0x1.5d55d5a704d4dp-25;
    public static final double R12 = -0x1.e492e28a4eb6ep-28;
    public static final double R13 = 0x1.1e6002257625fp-32;
    public static final double R14 = 0x1.6a90e81c976d2p-35;
    public static final double R15 = -0x1.f8a36cf7c24c4p-39;

    public static final double R_AT_SPLIT_8 = eighthPower(R0);

    private Erf() {}

    /** Writes {@code y[i] = erf(x[i])}; in place is allowed. */
    static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        // C2 vectorizes a loop over one array at one offset, see Exp
        System.arraycopy(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = erf(y[yOffset + i]);
        }
    }

    // The loop body has 41 operations; with 46, C2 of JDK 17 no longer vectorizes it. Everything must also be inlined,
    // which requires methods of less than 325 bytes of bytecode (FreqInlineSize): hence p and r.

    public static double erf(double x) {
        double near = Math.max(-SPLIT, Math.min(x, SPLIT));
        double far = Math.min(Math.max(Math.abs(x), SPLIT), SATURATED);
        // 0 exactly up to 1.375; beyond it near is ±1.375, the factor of the second part and its sign
        double rise = R_AT_SPLIT_8 - eighthPower(r(far));
        return Math.fma(rise, near, Math.fma(near, p(near), near));
    }

    /** Returns {@code P(x²)}, in powers of the distance of {@code x²} from the middle of its interval. */
    private static double p(double x) {
        double w = Math.fma(x, x, -0.5 * SPLIT * SPLIT);
        double p = Math.fma(P13, w, P12);
        p = Math.fma(p, w, P11);
        p = Math.fma(p, w, P10);
        p = Math.fma(p, w, P9);
        p = Math.fma(p, w, P8);
        p = Math.fma(p, w, P7);
        p = Math.fma(p, w, P6);
        p = Math.fma(p, w, P5);
        p = Math.fma(p, w, P4);
        p = Math.fma(p, w, P3);
        p = Math.fma(p, w, P2);
        p = Math.fma(p, w, P1);
        return Math.fma(p, w, P0);
    }

    /** Returns {@code R(x)}, in powers of {@code x − 1.375}. */
    private static double r(double x) {
        double h = x - SPLIT;
        double r = Math.fma(R15, h, R14);
        r = Math.fma(r, h, R13);
        r = Math.fma(r, h, R12);
        r = Math.fma(r, h, R11);
        r = Math.fma(r, h, R10);
        r = Math.fma(r, h, R9);
        r = Math.fma(r, h, R8);
        r = Math.fma(r, h, R7);
        r = Math.fma(r, h, R6);
        r = Math.fma(r, h, R5);
        r = Math.fma(r, h, R4);
        r = Math.fma(r, h, R3);
        r = Math.fma(r, h, R2);
        r = Math.fma(r, h, R1);
        return Math.fma(r, h, R0);
    }

    private static double eighthPower(double r) {
        double square = r * r;
        double fourth = square * square;
        return fourth * fourth;
    }
}
