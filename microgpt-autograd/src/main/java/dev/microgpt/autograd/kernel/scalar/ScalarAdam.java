package dev.microgpt.autograd.kernel.scalar;

/**
 * Adam's update as a plain loop that C2 vectorizes.
 *
 * <p>Divisions and square roots dominate its time. The two corrections are the same for all elements, and a quotient by
 * a divisor {@code c} with known reciprocal {@code r = 1/c} is {@code q = fma(fma(−c, x·r, x), r, x·r)}, correctly
 * rounded like {@code x / c} unless an intermediate result underflows or overflows.
 *
 * @see <a href="https://doi.org/10.1109/TC.2004.37">Brisebarre, Muller and Raina, Accelerating Correctly Rounded
 *     Floating-Point Division When the Divisor Is Known in Advance, 2004, theorem of Markstein</a>
 */
public final class ScalarAdam {
    private ScalarAdam() {}

    public static boolean update(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps) {
        double inverse1 = 1 / correction1;
        double inverse2 = 1 / correction2;
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);
            double mHat = quotient(m[i], correction1, inverse1);
            double vHat = quotient(v[i], correction2, inverse2);
            p[i] -= mHat * rate / (Math.sqrt(vHat) + eps);
        }
        // NaN and infinity propagate through the sum
        return Double.isFinite(Reductions.dot(p, from, v, from, to - from));
    }

    static double quotient(double x, double divisor, double inverse) {
        double near = x * inverse;
        return Math.fma(Math.fma(near, -divisor, x), inverse, near);
    }
}
