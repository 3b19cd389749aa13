package dev.microgpt.benchmarks.report;

import java.util.Locale;

/** Formats numbers for tables; NaN, which stands for what was not measured, is a dash. */
final class Figures {
    private Figures() {}

    /** At least three significant digits: {@code 1,259}, {@code 48.9}, {@code 0.0571}. */
    static String three(double value) {
        return likeThree(value, value);
    }

    /** With as many decimals as {@link #three} gives another number. */
    static String likeThree(double value, double other) {
        return format("%,." + decimals(other) + "f", value);
    }

    static String ratio(double value) {
        return format("%.2f", value);
    }

    static String percent(double fraction) {
        return format("%.0f %%", 100 * fraction);
    }

    private static String format(String format, double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }

    private static int decimals(double value) {
        double magnitude = Math.abs(value);
        int decimals = 0;
        for (double limit = 100; decimals < 6 && magnitude < limit; limit /= 10) {
            decimals++;
        }
        return decimals;
    }
}
