package dev.microgpt.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HexFormat;

/**
 * Numbers as Python's format strings print them, in every locale. ({@code String.format} would also load a good deal of
 * the library for it.)
 */
final class Format {
    private Format() {}

    /** A whole number, filled up with spaces on the left: Python's {@code {number:4d}}. */
    static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** A finite number with a fixed number of decimals, the exact value rounded: Python's {@code {number:.4f}}. */
    static String fixed(double number, int decimals) {
        return new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** The text with control characters, which could steer a terminal, written as in Java. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                visible.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }
}
