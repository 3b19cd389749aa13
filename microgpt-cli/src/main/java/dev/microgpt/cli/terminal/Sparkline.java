package dev.microgpt.cli.terminal;

import java.util.Locale;
import java.util.Map;

/** A curve in one line of text: each column is a character whose height stands for a value. */
final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String ASCII = "_.:-=+*#";

    private Sparkline() {}

    /**
     * Draws a curve of finite values between its lowest and its highest value.
     *
     * @param columns the width, at least 1; a curve with fewer values is narrower
     * @param blocks  whether to use block characters instead of ASCII
     */
    static String of(double[] curve, int columns, boolean blocks) {
        int width = Math.min(columns, curve.length);
        double[] means = new double[width];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < width; i++) {
            means[i] = mean(curve, i * curve.length / width, (i + 1) * curve.length / width);
            low = Math.min(low, means[i]);
            high = Math.max(high, means[i]);
        }
        String heights = blocks ? BLOCKS : ASCII;
        StringBuilder line = new StringBuilder();
        for (double mean : means) {
            double height = high > low ? (mean - low) / (high - low) : 0;
            line.append(heights.charAt((int) Math.round(height * (heights.length() - 1))));
        }
        return line.toString();
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / (to - from);
    }

    /**
     * Returns whether a terminal shows block characters, judging by its kind and the locale. The console of Linux and
     * terminals before Unicode have none.
     */
    static boolean canShowBlocks(String charset, Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "");
        boolean old = kind.equals("dumb") || kind.equals("linux") || kind.startsWith("vt");
        return charset.toUpperCase(Locale.ROOT).equals("UTF-8") && !old;
    }
}
