package dev.microgpt.autograd.kernel.function;

/**
 * The logistic function: {@code 1 / (1 + e)} for a positive x and {@code e / (1 + e)} for a negative one, with
 * {@code e = exp(−|x|)}, which cannot overflow.
 */
public final class Sigmoid {
    private static final long ONE = Double.doubleToRawLongBits(1.0);

    private Sigmoid() {}

    /** Writes {@code y[i] = 1 / (1 + exp(−x[i]))}; x and y must not overlap. */
    public static void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        if (n < Exp.SHORT) {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] = sigmoid(x[xOffset + i]);
            }
            return;
        }
        // C2 vectorizes the first two loops, see Exp
        minusAbs(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            double t = y[yOffset + i];
            y[yOffset + i] = 1.0 + Exp.expm1OfRest(t, Exp.biasedExponent(t));
        }
        for (int i = 0; i < n; i++) {
            double t = -Math.abs(x[xOffset + i]);
            y[yOffset + i] = quotient(Exp.scale(y[yOffset + i], Exp.biasedExponent(t), t), x[xOffset + i]);
        }
    }

    /** Writes {@code y[i] = −|x[i]|}. */
    public static void minusAbs(double[] x, int xOffset, double[] y, int yOffset, int n) {
        System.arraycopy(x, xOffset, y, yOffset, n);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = -Math.abs(y[yOffset + i]);
        }
    }

    static double sigmoid(double x) {
        return quotient(Exp.exp(-Math.abs(x)), x);
    }

    private static double quotient(double e, double x) {
        // C2 compiles a choice between integers to a conditional move, between doubles to a jump, here unpredictable
        double numerator = Double.longBitsToDouble(x < 0.0 ? Double.doubleToRawLongBits(e) : ONE);
        return Quotient.of(numerator, 1.0, e);
    }
}
