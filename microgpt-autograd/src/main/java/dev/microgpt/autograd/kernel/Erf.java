package dev.microgpt.autograd.kernel;

/**
 * The error function: {@code erf(x) = x + x · P(x²)} up to 1.5 and {@code erf(1.5) + (R(1.5)⁴ − R(x)⁴)} beyond, where
 * {@code R(x) = erfc(x)^(1/4)}, and odd.
 *
 * <p>P (degree 14) and R (degree 18) are minimax polynomials, with an error below 2⁻⁵⁷ in erf. A fourth power of a
 * polynomial follows the steep fall of erfc to 6, where erf is 1, with one polynomial of moderate degree, after Hastings.
 * Both parts are computed for each x, with x clamped to the part's interval, and added: without a branch the whole is
 * one loop that vectorises.
 *
 * @see <a href="https://dlmf.nist.gov/7">DLMF, chapter 7</a>; Abramowitz and Stegun, Handbook of Mathematical
 *     Functions, 7.1.28, for Hastings' form
 */
final class Erf {
    private static final double SPLIT = 1.5;
    private static final double END = 6.0;

    /** {@code R(1.5)}. With it {@code erf(1.5) + R(1.5)⁴} is 1 exactly. */
    private static final double R_AT_SPLIT = 0x1.b75f7f049192ap-2;

    private static final double TAIL = fourthPower(R_AT_SPLIT);

    /** Turns the clamped x into its sign: {@code ±1.5 · (2/3)} is rounded to ±1. */
    private static final double INVERSE_SPLIT = 2.0 / 3.0;

    private Erf() {}

    /** Writes {@code y[i] = erf(x[i])}; in place is allowed. */
    static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        // a loop over one array at one offset vectorises, see Exp
        System.arraycopy(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = erf(y[yOffset + i]);
        }
    }

    static double erf(double x) {
        double s = Math.max(-SPLIT, Math.min(x, SPLIT));
        // P in powers of w, the distance of x² from the middle of its interval, which keeps the terms small
        double w = Math.fma(s, s, -1.125);
        double p = 0x1.63245975f8f44p-43;
        p = Math.fma(p, w, -0x1.52ce1a69c11ccp-39);
        p = Math.fma(p, w, 0x1.2561f34ffd336p-35);
        p = Math.fma(p, w, -0x1.e1ad3eae0eb60p-32);
        p = Math.fma(p, w, 0x1.6dd5ce583a05fp-28);
        p = Math.fma(p, w, -0x1.fe8e305c9e71dp-25);
        p = Math.fma(p, w, 0x1.44f05aca9a32dp-21);
        p = Math.fma(p, w, -0x1.75ed45a084a8ep-18);
        p = Math.fma(p, w, 0x1.80f0ef08507abp-15);
        p = Math.fma(p, w, -0x1.5e0ed92b7a2d9p-12);
        p = Math.fma(p, w, 0x1.14fddf5e9409ap-9);
        p = Math.fma(p, w, -0x1.76d74fee294f5p-7);
        p = Math.fma(p, w, 0x1.aa9b76b754892p-5);
        p = Math.fma(p, w, -0x1.9a0f4ba28a7a9p-3);
        p = Math.fma(p, w, -0x1.771e9878e8181p-3);
        double head = Math.fma(s, p, s);
        double h = Math.min(Math.max(Math.abs(x), SPLIT), END) - SPLIT;
        double r = 0x1.737c36d54bf94p-40;
        r = Math.fma(r, h, -0x1.5f80e84141c21p-35);
        r = Math.fma(r, h, 0x1.18170769bba36p-31);
        r = Math.fma(r, h, -0x1.c8d6f37ec5788p-29);
        r = Math.fma(r, h, 0x1.450c8289b3036p-27);
        r = Math.fma(r, h, 0x1.e63f212793666p-28);
        r = Math.fma(r, h, -0x1.e981ff22564b2p-25);
        r = Math.fma(r, h, -0x1.296c22962b561p-21);
        r = Math.fma(r, h, 0x1.7a1c9b1039ff8p-19);
        r = Math.fma(r, h, 0x1.17572daa197aap-17);
        r = Math.fma(r, h, -0x1.37c1fe33f16c8p-14);
        r = Math.fma(r, h, -0x1.c07163672b4e5p-16);
        r = Math.fma(r, h, 0x1.47673b8bb3457p-10);
        r = Math.fma(r, h, -0x1.a4b7f29323098p-10);
        r = Math.fma(r, h, -0x1.9976855da66d0p-7);
        r = Math.fma(r, h, 0x1.0df534bdb33a6p-5);
        r = Math.fma(r, h, 0x1.1bf9c0fedcf99p-4);
        r = Math.fma(r, h, -0x1.816b095d576f4p-2);
        r = Math.fma(r, h, R_AT_SPLIT);
        // exactly head where |x| ≤ 1.5, because the difference is 0 there
        return Math.fma(TAIL - fourthPower(r), s * INVERSE_SPLIT, head);
    }

    private static double fourthPower(double r) {
        double square = r * r;
        return square * square;
    }
}
