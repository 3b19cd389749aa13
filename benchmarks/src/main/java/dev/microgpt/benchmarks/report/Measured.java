package dev.microgpt.benchmarks.report;

/**
 * A number and how far off it may be.
 *
 * @param value the number
 * @param error half of JMH's 99.9 % interval, NaN where one measurement is all there is
 */
record Measured(double value, double error) {
    Measured times(double factor) {
        return new Measured(value * factor, error * factor);
    }

    /** {@code numerator / this}, as off, relatively, as this. */
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
