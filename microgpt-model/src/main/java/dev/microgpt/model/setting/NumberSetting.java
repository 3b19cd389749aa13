package dev.microgpt.model.setting;

import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** A setting with finite numbers in a range. */
final class NumberSetting extends Setting<Double> {
    /** Digits that suffice for any number. */
    private static final int MOST_DIGITS = 17;

    // powers of ten without an exponent in the text, as in Double.toString
    private static final int LEAST_PLAIN = -3;
    private static final int MOST_PLAIN = 6;

    private final double least;
    private final boolean excludesLeast;
    private final double below;

    NumberSetting(String name, double usual, double least, boolean excludesLeast, double below, String help) {
        super(name, usual, help);
        this.least = least;
        this.excludesLeast = excludesLeast;
        this.below = below;
    }

    @Override
    public Kind kind() {
        return Kind.NUMBER;
    }

    @Override
    public String rule() {
        boolean isBounded = below < Double.POSITIVE_INFINITY;
        return (isBounded ? "a number " : "a finite number ")
                + (excludesLeast ? "above " : "of at least ")
                + plain(least)
                + (isBounded ? " and below " + plain(below) : "");
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    @Override
    public Double parse(String text) {
        return checked(StrictNumbers.decimal(text), text);
    }

    @Override
    Double checked(Object value) {
        return checked(value instanceof Double number ? number : null, value);
    }

    private Double checked(@Nullable Double number, Object given) {
        if (number == null
                || !(number >= least && number < below && number <= Double.MAX_VALUE)
                || excludesLeast && number == least) {
            throw refused(given);
        }
        return number + 0.0; // -0.0 is another text than 0.0, but the same number
    }

    /** Rounds to the fewest digits that are read as the number. Double.toString has others before Java 19. */
    @Override
    public String text(Double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal rounded = exact;
        for (int digits = 1; digits <= MOST_DIGITS; digits++) {
            rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                break;
            }
        }
        BigDecimal shortest = rounded.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (value == 0 || exponent >= LEAST_PLAIN && exponent <= MOST_PLAIN) {
            return shortest.scale() <= 0 ? shortest.toPlainString() + ".0" : shortest.toPlainString();
        }
        BigDecimal mantissa = shortest.scaleByPowerOfTen(-exponent);
        return mantissa.toPlainString() + (mantissa.scale() <= 0 ? ".0" : "") + "E" + exponent;
    }
}
