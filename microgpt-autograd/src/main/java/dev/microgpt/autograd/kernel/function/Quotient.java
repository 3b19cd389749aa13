package dev.microgpt.autograd.kernel.function;

/** A quotient whose denominator is a sum, rounded almost as if only once. */
public final class Quotient {
    private Quotient() {}

    /**
     * Returns {@code a / (b + c)}, nearly correctly rounded, for {@code b ≥ 1} a small integer and {@code 0 ≤ c}.
     *
     * <p>The plain expression rounds twice and is less accurate by up to a unit in the last place. One Newton step
     * corrects both errors: that of the sum is recovered as in Dekker's algorithm, and the remainder of the quotient is
     * exact with {@code fma}.
     */
    public static double of(double a, double b, double c) {
        double sum = b + c;
        double lost = c - (sum - b);
        double reciprocal = 1.0 / sum;
        double y = a * reciprocal;
        // the negated remainder keeps the sign of a zero
        double excess = Math.fma(y, lost, Math.fma(y, sum, -a));
        return Math.fma(-excess, reciprocal, y);
    }
}
