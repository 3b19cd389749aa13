package dev.microgpt.model.setting;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers strictly: Java's own parsers also accept digits other than 0 to 9, hexadecimal, suffixes and NaN.
 *
 * <p>Loaded when the first number is read, since patterns take milliseconds.
 */
public final class StrictNumbers {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?([0-9]{1,40}\\.?[0-9]{0,40}|\\.[0-9]{1,40})([eE][-+]?[0-9]{1,4})?");

    private StrictNumbers() {}

    /**
     * Reads an integer.
     *
     * @param text a sign or none, and up to 40 digits
     * @return the integer, of any size; null if the text is none
     */
    public static @Nullable BigInteger integer(String text) {
        return INTEGER.matcher(text).matches() ? new BigInteger(text) : null;
    }

    /**
     * Reads a decimal number.
     *
     * @param text a sign or none, up to 40 digits before the point and after it, and an exponent or none
     * @return the nearest number, infinite if there is none; null if the text is none
     */
    public static @Nullable Double decimal(String text) {
        return DECIMAL.matcher(text).matches() ? (Double) new BigDecimal(text).doubleValue() : null;
    }
}
