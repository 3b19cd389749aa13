package dev.microgpt.train.score;

import dev.microgpt.train.internal.Checks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The scores of held-out lines, against which others are judged: a conformal anomaly detector.
 *
 * <p>If a new line comes from the same source as the n calibration lines, all n + 1 are exchangeable, and the chance
 * that it is flagged is at most α, whatever the model and the distribution. That holds on average over calibration
 * sets; the share of false alarms with one set varies around it, the less the larger n is. Calibration lines must not
 * be training lines: a model finds those less surprising than new ones.
 *
 * <p>Immutable.
 *
 * @see <a href="https://arxiv.org/abs/2107.07511">Angelopoulos and Bates, A Gentle Introduction to Conformal
 *     Prediction, 2021</a>
 */
public final class Calibration {
    private final double[] scores;

    /**
     * Creates a calibration.
     *
     * @param scores the scores of held-out lines, in any order; copied
     * @throws IllegalArgumentException if there are none, or one is not a finite number
     */
    public Calibration(double... scores) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("calibration: there are no scores, but at least one is needed");
        }
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException("calibration: a score is " + score + ", but must be finite");
            }
        }
        this.scores = scores.clone();
        Arrays.sort(this.scores);
    }

    /** {@return the number n of calibration lines} */
    public int count() {
        return scores.length;
    }

    /**
     * Returns the p-value of a line: how often a line of the same source is at least as surprising.
     *
     * @param score the score of the line
     * @return {@code (1 + #{calibration scores ≥ score}) / (n + 1)}, above 0 and at most 1
     */
    public double pValue(double score) {
        int below = 0; // scores below the line's
        int above = scores.length;
        while (below < above) {
            int middle = (below + above) >>> 1;
            if (scores[middle] < score) {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        return (1.0 + scores.length - below) / (scores.length + 1.0);
    }

    /**
     * Returns the score above which a line is flagged: the ⌈(n + 1)(1 − α)⌉-th smallest of the calibration scores.
     *
     * @param alpha the share of false alarms, above 0 and below 1
     * @return the threshold; a line is flagged if its score is greater
     * @throws IllegalArgumentException if α is out of range, or if there are fewer than {@link #linesFor} scores
     */
    public double threshold(double alpha) {
        int needed = linesFor(alpha);
        if (scores.length < needed) {
            throw new IllegalArgumentException("calibration: there are " + scores.length + " lines, but a share of "
                    + alpha + " false alarms needs at least " + needed);
        }
        return scores[rank(scores.length, alpha) - 1];
    }

    /**
     * Returns how many calibration lines a share of false alarms needs.
     *
     * @param alpha the share of false alarms, above 0 and below 1
     * @return the smallest n with {@code ⌈(n + 1)(1 − α)⌉ ≤ n}; about {@code 1/α}
     * @throws IllegalArgumentException if α is out of range, or needs more lines than an array holds
     */
    public static int linesFor(double alpha) {
        Checks.positive("share of false alarms", alpha);
        Checks.fraction("share of false alarms", alpha);
        double about = Math.ceil(1 / alpha - 1);
        if (about > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("calibration: a share of " + alpha + " false alarms needs " + about
                    + " lines, more than an array holds");
        }
        int lines = Math.max(1, (int) about - 1); // the division may be off by one
        while (rank(lines, alpha) > lines) {
            lines++;
        }
        return lines;
    }

    /** Returns ⌈(n + 1)(1 − α)⌉ for α as it is written in decimal, which is rarely a binary fraction. */
    private static int rank(int lines, double alpha) {
        BigDecimal share = BigDecimal.ONE.subtract(BigDecimal.valueOf(alpha));
        return share.multiply(BigDecimal.valueOf(lines + 1L))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
    }
}
