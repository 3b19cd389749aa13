package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.internal.Checks;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The sizes of a training split and of the validation split after it, in characters or documents.
 *
 * @param training   the number of items at the beginning, to train on
 * @param validation the number of items after them, held out for evaluation
 */
public record Split(long training, long validation) {
    /** Any decimal number of up to 15 digits survives the conversion to a double and back. */
    private static final MathContext DIGITS = new MathContext(15);

    /** The least from which something can be predicted. */
    private static final int LEAST = 2;

    /**
     * Splits as nanoGPT does, whose {@code int(n * 0.9)} rounds the training split down.
     *
     * <p>The fraction is taken as the decimal number of up to 15 digits that it was written as, and the product is
     * exact: in floating point {@code 10 * (1 - 0.9)} is below 1.
     *
     * @param count       the number of items, at least 0
     * @param valFraction the fraction to hold out, from 0 to below 1
     * @return the split: {@code ⌊count · (1 − valFraction)⌋} items to train on, and the rest
     * @throws IllegalArgumentException if the fraction is out of range
     */
    public static Split of(long count, double valFraction) {
        Checks.fraction("validation fraction", valFraction);
        BigDecimal share = BigDecimal.ONE.subtract(new BigDecimal(valFraction, DIGITS));
        long training = BigDecimal.valueOf(count)
                .multiply(share)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
        long validation = count - training;
        return new Split(training, validation);
    }

    /** Splits the characters of a text; each split needs 2, unless all are for training. */
    static Split ofText(long characters, double valFraction, String name) throws DataException {
        Split split = of(characters, valFraction);
        if (valFraction > 0 && (split.training < LEAST || split.validation < LEAST)) {
            throw new DataException("data " + name + ": the text has " + characters + " characters, " + split.training
                    + " for training and " + split.validation + " for validation at a fraction of " + valFraction
                    + "; each split must have at least " + LEAST + ", or the fraction must be 0");
        }
        return split;
    }
}
