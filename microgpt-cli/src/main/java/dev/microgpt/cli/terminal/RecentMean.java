package dev.microgpt.cli.terminal;

/**
 * An exponential moving average over about the last 20 numbers.
 *
 * <p>With {@code b = 0.95}, {@code m = b · m + (1 − b) · x} after each number x, and the mean after n of them is
 * {@code m / (1 − bⁿ)}; the divisor corrects the bias towards the initial 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2014, section 3, for the bias correction</a>
 */
final class RecentMean {
    private static final double KEPT = 0.95;

    private double sum;
    private double weight;

    void add(double number) {
        sum = KEPT * sum + (1 - KEPT) * number;
        // 1 − bⁿ, without a power
        weight = KEPT * weight + (1 - KEPT);
    }

    /** Returns the mean, NaN before the first number. */
    double value() {
        return sum / weight;
    }
}
