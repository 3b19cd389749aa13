package dev.microgpt.cli.terminal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HexFormat;

/**
 * Numbers as text, the same in every locale, and where Python has a format string for it, as Python prints them.
 * ({@code String.format} would also load a good deal of the library for it.)
 */
public final class Format {
    private static final double READABLE_BELOW = 1e6;
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Format() {}

    /** A whole number, filled up with spaces on the left: Python's {@code {number:4d}}. */
    public static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** A finite number with a fixed number of decimals, the exact value rounded: Python's {@code {number:.4f}}. */
    public static String fixed(double number, int decimals) {
        return new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** A number for a glance: with a fixed number of decimals, but in few characters however large it is. */
    public static String readable(double number, int decimals) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        return Math.abs(number) < READABLE_BELOW ? fixed(number, decimals) : scientific(number);
    }

    /** A finite number in three digits: Python's {@code {number:.2e}}, but {@code 1.00e-3}, not {@code 1.00e-03}. */
    static String scientific(double number) {
        BigDecimal rounded = new BigDecimal(number).round(THREE_DIGITS);
        if (rounded.signum() == 0) {
            return "0.00e0";
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal mantissa = rounded.movePointLeft(exponent).setScale(2);
        return mantissa.toPlainString() + "e" + exponent;
    }

    /** A whole number, 0 or above, with commas between thousands: Python's {@code {number:,}}. */
    public static String grouped(long number) {
        StringBuilder digits = new StringBuilder().append(number);
        for (int comma = digits.length() - 3; comma > 0; comma -= 3) {
            digits.insert(comma, ',');
        }
        return digits.toString();
    }

    /**
     * A time in at most two units, as in {@code 3 min 20 s}. The longer it is, the coarser it is rounded: a prediction
     * is not exact, and its last digits should not flicker.
     *
     * @param seconds 0 or above
     */
    public static String duration(double seconds) {
        long unit = roundingUnit(seconds);
        long rounded = Math.round(seconds / unit) * unit;
        if (rounded < MINUTE) {
            return rounded + " s";
        }
        if (rounded < HOUR) {
            return units(rounded, MINUTE, " min", 1, " s");
        }
        return rounded < DAY ? units(rounded, HOUR, " h", MINUTE, " min") : units(rounded, DAY, " d", HOUR, " h");
    }

    private static long roundingUnit(double seconds) {
        if (seconds < 20) {
            return 1;
        }
        if (seconds < MINUTE) {
            return 5;
        }
        if (seconds < 10 * MINUTE) {
            return 10;
        }
        if (seconds < HOUR) {
            return MINUTE;
        }
        return seconds < 10 * HOUR ? 5 * MINUTE : HOUR;
    }

    private static String units(long seconds, long unit, String name, long smallUnit, String smallName) {
        long rest = seconds % unit / smallUnit;
        return seconds / unit + name + (rest == 0 ? "" : " " + rest + smallName);
    }

    /** The text with control characters, which could steer a terminal, written as in Java. */
    public static String visible(String text) {
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
