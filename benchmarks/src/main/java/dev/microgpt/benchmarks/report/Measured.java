package dev.microgpt.benchmarks.report;

/**
 * A measured number with its error.
 *
 * @param value the number, NaN if nothing was measured
 * @param error half of JMH's 99.9 % confidence interval, NaN after a single measurement
 */
record Measured(double value, double error) {
    /** What was not measured; so is everything computed from it. */
    static final Measured NONE = new Measured(Double.NaN, Double.NaN);

    Measured times(double factor) {
        return new Measured(value * factor, error * factor);
    }

    Measured over(double divisor) {
        return new Measured(value / divisor, error / divisor);
    }

    /** {@code numerator / this}, with the same relative error. */
    Measured under(double numerator) {
        double quotient = numerator / value;
        return new Measured(quotient, error / value * quotient);
    }

    /** Returns for example {@code 1,259 ± 124}. */
    @Override
    public String toString() {
        String text = Figures.three(value);
        return Double.isNaN(error) ? text : text + " ± " + Figures.likeThree(error, value);
    }
}
