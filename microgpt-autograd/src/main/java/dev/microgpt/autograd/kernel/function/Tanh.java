package dev.microgpt.autograd.kernel.function;

/**
 * The hyperbolic tangent: {@code tanh(x) = ±m / (m + 2)} with {@code m = exp(2|x|) − 1}.
 *
 * <p>With {@code 2|x| = k · ln 2 + r} as in {@link Exp}, {@code m = 2ᵏ · (exp(r) − 1) + (2ᵏ − 1)}, which for a small x,
 * where k is 0, is {@code exp(r) − 1} itself: nothing cancels, and there is no second case.
 *
 * @see <a href="https://doi.org/10.1007/978-1-4899-7983-4">Muller, Elementary Functions, 3rd edition, 2016</a>
 */
public final class Tanh {
    /** From about 19.06, the nearest double is 1. */
    public static final double SATURATED = 20.0;

    private Tanh() {}

    /** Writes {@code y[i] = tanh(x[i])}; x and y must not overlap. */
    public static void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        if (n < Exp.SHORT) {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] = tanh(x[xOffset + i]);
            }
            return;
        }
        // C2 vectorizes the first and the last loop, see Exp
        expm1OfRests(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            double biased = Exp.biasedExponent(twiceAbs(x[xOffset + i]));
            y[yOffset + i] = signedExpm1(y[yOffset + i], biased, x[xOffset + i]);
        }
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = quotient(y[yOffset + i]);
        }
    }

    /** Writes {@code y[i] = exp(r) − 1} with {@code 2·|x[i]| = k · ln 2 + r}. */
    public static void expm1OfRests(double[] x, int xOffset, double[] y, int yOffset, int n) {
        System.arraycopy(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            double t = twiceAbs(y[yOffset + i]);
            y[yOffset + i] = Exp.expm1OfRest(t, Exp.biasedExponent(t));
        }
    }

    static double tanh(double x) {
        double t = twiceAbs(x);
        double biased = Exp.biasedExponent(t);
        return quotient(signedExpm1(Exp.expm1OfRest(t, biased), biased, x));
    }

    private static double twiceAbs(double x) {
        return 2.0 * Math.min(Math.abs(x), SATURATED);
    }

    /** Returns m with the sign of x, where {@code q = exp(r) − 1}. */
    private static double signedExpm1(double q, double biased, double x) {
        double power = Double.longBitsToDouble((Double.doubleToRawLongBits(biased) + Double.MAX_EXPONENT) << 52);
        double m = Math.fma(power, q, power - 1.0);
        return Double.longBitsToDouble(
                Double.doubleToRawLongBits(m) | (Double.doubleToRawLongBits(x) & Long.MIN_VALUE));
    }

    private static double quotient(double m) {
        return Quotient.of(m, 2.0, Math.abs(m));
    }
}
