package dev.microgpt.autograd.kernel.function;

/** A quotient with a sum below, rounded about once. */
final class Quotient {
    private Quotient() {}

    /**
     * Returns {@code a / (b + c)}, nearly correctly rounded, for {@code b ≥ 1} a small integer and {@code 0 ≤ c}.
     *
     * <p>The plain expression rounds twice and loses a unit in the last place more. One Newton step mends both: what
     * the sum has lost is recovered as in Dekker's algorithm, and what the quotient leaves is exact with {@code fma}.
     */
    static double of(double a, double b, double c) {
        double sum = b + c;
        double lost = c - (sum - b);
        double reciprocal = 1.0 / sum;
        double y = a * reciprocal;
        // the excess rather than the rest keeps the sign of a zero
        double excess = Math.fma(y, lost, Math.fma(y, sum, -a));
        return Math.fma(-excess, reciprocal, y);
    }
}
