package dev.microgpt.benchmarks;

/** The error function as its power series: slow and simple, with ten correct digits between -4 and 4. */
final class ErfSeries {
    private ErfSeries() {}

    /** {@code 2/√π · Σₙ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1))}. */
    static double erf(double x) {
        double power = x;
        double sum = x;
        for (int n = 1; n < 120; n++) {
            power *= -x * x / n;
            sum += power / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
