package dev.microgpt.train.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How many characters at the beginning of a text are trained on, and how many after them are held back.
 *
 * @param training   how many are trained on
 * @param validation how many are held back
 */
record Split(long training, long validation) {
    /** Every decimal number of so many digits comes back unchanged from a double. */
    private static final MathContext DIGITS = new MathContext(15);

    /** The least from which something can be predicted. */
    private static final int LEAST = 2;

    /** Refuses what is no fraction. */
    static void checkFraction(double valFraction) {
        if (!(valFraction >= 0 && valFraction < 1)) {
            throw new IllegalArgumentException("corpus: the fraction for validation is " + valFraction
                    + ", but must be from 0 to below 1; 0 holds nothing back");
        }
    }

    /**
     * Splits as nanoGPT does, whose {@code int(n * 0.9)} rounds the part for training down.
     *
     * <p>The fraction is taken as the decimal number of up to 15 digits that it was written as, and the rest is exact:
     * in floating point {@code 10 * (1 - 0.9)} is below 1.
     *
     * @throws DataException if a part has fewer than 2 characters; a text of which nothing is held back may have one, which
     *     may be several tokens
     */
    static Split of(long characters, double valFraction, String name) throws DataException {
        checkFraction(valFraction);
        BigDecimal share = BigDecimal.ONE.subtract(new BigDecimal(valFraction, DIGITS));
        long training = BigDecimal.valueOf(characters)
                .multiply(share)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
        long validation = characters - training;
        if (valFraction > 0 && (training < LEAST || validation < LEAST)) {
            throw new DataException("data " + name + ": found " + characters + " characters, " + training
                    + " for training and " + validation + " for validation at a fraction of " + valFraction
                    + "; expected at least " + LEAST + " in each part, or a fraction of 0");
        }
        return new Split(training, validation);
    }
}
