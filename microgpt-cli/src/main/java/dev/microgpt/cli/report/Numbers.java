package dev.microgpt.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Formats the numbers of the page, the same way in every locale. */
final class Numbers {
    private static final String MISSING = "\u2013";
    private static final int GROUP = 3;
    private static final double LEAST_PLAIN = 1e-4;

    private Numbers() {}

    /** Formats a whole number with commas between thousands: {@code 12,345}. */
    static String grouped(long number) {
        StringBuilder digits = new StringBuilder(Long.toString(number));
        int first = number < 0 ? 1 : 0;
        for (int i = digits.length() - GROUP; i > first; i -= GROUP) {
            digits.insert(i, ',');
        }
        return digits.toString();
    }

    /** Formats a number with fixed decimals; a dash stands for NaN and infinity. */
    static String fixed(double number, int decimals) {
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : MISSING;
    }

    /** Formats a number with some significant digits, such as {@code 0.0123}, {@code 3e-5} or {@code 12,345}. */
    static String significant(double number, int digits) {
        if (!Double.isFinite(number)) {
            return MISSING;
        }
        BigDecimal rounded =
                new BigDecimal(number).round(new MathContext(digits)).stripTrailingZeros();
        if (rounded.signum() == 0) {
            return "0";
        }
        if (Math.abs(number) < LEAST_PLAIN) {
            return scientific(rounded);
        }
        if (rounded.scale() <= 0 && rounded.precision() - rounded.scale() <= 15) {
            return grouped(rounded.longValueExact());
        }
        return rounded.scale() <= 0 ? scientific(rounded) : rounded.toPlainString();
    }

    /** Formats a number as {@code 1.5e-5}. */
    static String scientific(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        return stripped.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }
}
