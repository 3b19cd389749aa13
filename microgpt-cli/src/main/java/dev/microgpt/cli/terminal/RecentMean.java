package dev.microgpt.cli.terminal;

/**
 * The mean of about the last 20 numbers, in which each number counts for less the longer ago it was.
 *
 * <p>With {@code b = 0.95}, {@code m = b · m + (1 − b) · x} after each number x, and the mean is
 * {@code m / (1 − bⁿ)} after n of them: without the divisor it would begin near 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2014, section 3, where the divisor comes from</a>
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

    /** Returns the mean, NaN if there is no number yet. */
    double value() {
        return sum / weight;
    }
}
