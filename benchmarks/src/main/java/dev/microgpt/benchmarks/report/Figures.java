package dev.microgpt.benchmarks.report;

import java.util.Locale;

/** Numbers as they stand in tables. */
final class Figures {
    /** What stands where nothing was measured. */
    static final String NONE = "–";

    private Figures() {}

    /** At least three digits that count: {@code 1,259}, {@code 48.9}, {@code 0.0571}. */
    static String three(double value) {
        return likeThree(value, value);
    }

    /** As many decimals as {@link #three} would give another number. */
    static String likeThree(double value, double other) {
        return String.format(Locale.ROOT, "%,." + decimals(other) + "f", value);
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * fraction);
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
