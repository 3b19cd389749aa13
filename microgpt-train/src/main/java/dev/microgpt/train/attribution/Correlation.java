package dev.microgpt.train.attribution;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How well an estimate agrees with the exact numbers.
 *
 * @param pearson  the correlation of the numbers, from −1 to 1; NaN if there are fewer than two, or all are equal
 * @param spearman the correlation of their ranks; equal numbers share the mean of their ranks
 */
public record Correlation(double pearson, double spearman) {
    /**
     * Correlates two lists of numbers.
     *
     * @param x finite numbers
     * @param y as many
     * @return both correlations
     */
    static Correlation of(double[] x, double... y) {
        return new Correlation(pearson(x, y), pearson(ranks(x), ranks(y)));
    }

    private static double pearson(double[] x, double... y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return xy / (Math.sqrt(xx) * Math.sqrt(yy));
    }

    private static double mean(double... x) {
        double sum = 0;
        for (double number : x) {
            sum += number;
        }
        return sum / x.length;
    }

    private static double[] ranks(double... x) {
        Integer[] order = new Integer[x.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> x[i]));
        double[] ranks = new double[x.length];
        for (int from = 0, to; from < x.length; from = to) {
            for (to = from; to < x.length && x[order[to]] == x[order[from]]; to++) {}
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
        }
        return ranks;
    }
}
