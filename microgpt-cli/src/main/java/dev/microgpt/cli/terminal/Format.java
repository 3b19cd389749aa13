package dev.microgpt.cli.terminal;

import java.io.File;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HexFormat;

/**
 * Formats numbers the same way in every locale, and as Python does where Python has a format string for it. Unlike
 * {@code String.format}, it loads hardly any classes at startup.
 */
public final class Format {
    /** The number of decimals of a loss. */
    static final int LOSS_DIGITS = 4;

    private static final double READABLE_BELOW = 1e6;
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Format() {}

    /** Formats a whole number padded with spaces on the left: Python's {@code {number:4d}}. */
    public static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** Formats a finite number with fixed decimals, rounding its exact value: Python's {@code {number:.4f}}. */
    public static String fixed(double number, int decimals) {
        return new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** Formats a number for display: with fixed decimals, or in scientific notation from a million on. */
    public static String readable(double number, int decimals) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        return Math.abs(number) < READABLE_BELOW ? fixed(number, decimals) : scientific(number);
    }

    /** Formats a loss for display. */
    public static String loss(double loss) {
        return readable(loss, LOSS_DIGITS);
    }

    /**
     * Formats a finite number in three digits: Python's {@code {number:.2e}}, but {@code 1.00e-3}, not {@code
     * 1.00e-03}.
     */
    static String scientific(double number) {
        BigDecimal rounded = new BigDecimal(number).round(THREE_DIGITS);
        if (rounded.signum() == 0) {
            return "0.00e0";
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal mantissa = rounded.movePointLeft(exponent).setScale(2);
        return mantissa.toPlainString() + "e" + exponent;
    }

    /** Formats a whole number, 0 or above, with commas between thousands: Python's {@code {number:,}}. */
    public static String grouped(long number) {
        StringBuilder digits = new StringBuilder().append(number);
        for (int comma = digits.length() - 3; comma > 0; comma -= 3) {
            digits.insert(comma, ',');
        }
        return digits.toString();
    }

    /**
     * Formats a duration in at most two units, as in {@code 3 min 20 s}. Longer durations are rounded more coarsely: an
     * estimate is not exact, and its last digits should not flicker.
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

    /** Escapes control and format characters, which could steer a terminal, as in Java: {@code \\u001b}. */
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

    /** Quotes an argument for a POSIX shell, on Windows for cmd, unless it needs no quotes. */
    public static String quotedForShell(String arg) {
        return quotedForShell(arg, File.separatorChar == '\\');
    }

    static String quotedForShell(String arg, boolean cmd) {
        for (int i = 0; i < arg.length(); i++) {
            char c = arg.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && "-_./:,=+@%".indexOf(c) < 0 && !(cmd && c == '\\')) {
                return cmd ? quotedForCmd(arg) : "'" + arg.replace("'", "'\\''") + "'";
            }
        }
        return arg.isEmpty() ? cmd ? "\"\"" : "''" : arg;
    }

    /** Escapes quotes, and the backslashes before a quote, as the programs of Windows read their arguments. */
    private static String quotedForCmd(String arg) {
        StringBuilder quoted = new StringBuilder("\"");
        int backslashes = 0;
        for (int i = 0; i < arg.length(); i++) {
            char c = arg.charAt(i);
            quoted.append(c == '"' ? "\\".repeat(backslashes + 1) : "").append(c);
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }
        return quoted.append("\\".repeat(backslashes)).append('"').toString();
    }
}
