package dev.microgpt.train;

/**
 * An exponential moving average over about the last 20 numbers, by which noisy losses are smoothed.
 *
 * <p>With {@code b = 0.95}, {@code m = b · m + (1 − b) · x} after each number x, and the mean after n of them is
 * {@code m / (1 − bⁿ)}; the divisor corrects the bias towards the initial 0. Confined to one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2014, section 3, for the bias correction</a>
 */
public final class RecentMean {
    /** The numbers after which the first one has lost two thirds of its weight. */
    static final int NUMBERS = 20;

    private static final double KEPT = 1 - 1.0 / NUMBERS;

    private double sum;
    private double weight;

    /** Creates a mean of no numbers yet. */
    public RecentMean() {}

    /**
     * Adds a number.
     *
     * @param number the latest number, finite
     */
    public void add(double number) {
        sum = KEPT * sum + (1 - KEPT) * number;
        // 1 − bⁿ, without a power
        weight = KEPT * weight + (1 - KEPT);
    }

    /** {@return the mean; NaN before the first number} */
    public double value() {
        return sum / weight;
    }
}
