package dev.microgpt.cli.report;

import dev.microgpt.train.RecentMean;
import dev.microgpt.train.internal.metrics.MetricsLine;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A curve: finite values over ascending steps.
 *
 * @param name  the name in the page
 * @param style a class of the style sheet
 */
record Curve(String name, String style, double[] steps, double[] values) {
    /** The style of single values: a thin line behind the mean. */
    static final String EACH = "each";

    /** The style of a mean, or of values that need none. */
    static final String STRONG = "strong";

    /** The style of evaluations. */
    static final String VALIDATION = "validation";

    /** Returns the curve of a number in the lines; lines without it are left out. */
    static <T extends MetricsLine> Curve of(String name, String style, List<T> lines, ToDoubleFunction<T> value) {
        double[] steps = new double[lines.size()];
        double[] values = new double[lines.size()];
        int size = 0;
        for (T line : lines) {
            double number = value.applyAsDouble(line);
            if (Double.isFinite(number)) {
                steps[size] = line.step();
                values[size++] = number;
            }
        }
        return new Curve(name, style, Arrays.copyOf(steps, size), Arrays.copyOf(values, size));
    }

    /** Returns whether this is the outline of an area, back and forth, and not a line over ascending steps. */
    boolean isArea() {
        return style.startsWith("band");
    }

    /** Returns whether this is one of many runs, whose names are not in the chart but in a table of the page. */
    boolean isOfMany() {
        return !style.equals(EACH) && !style.equals(STRONG) && !style.equals(VALIDATION);
    }

    int size() {
        return steps.length;
    }

    /** Returns the same points in another style. */
    Curve drawnAs(String otherStyle) {
        return new Curve(name, otherStyle, steps, values);
    }

    /** Returns the points with these indices. */
    Curve at(int[] indices) {
        double[] chosenSteps = new double[indices.length];
        double[] chosenValues = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosenSteps[i] = steps[indices[i]];
            chosenValues[i] = values[indices[i]];
        }
        return new Curve(name, style, chosenSteps, chosenValues);
    }

    /** Returns the curve of the {@linkplain RecentMean means of recent values}, one for each value. */
    Curve means() {
        double[] means = new double[values.length];
        RecentMean recent = new RecentMean();
        for (int i = 0; i < values.length; i++) {
            recent.add(values[i]);
            means[i] = recent.value();
        }
        return new Curve("mean of recent steps", STRONG, steps, means);
    }

    double lowest() {
        double lowest = Double.POSITIVE_INFINITY;
        for (double value : values) {
            lowest = Math.min(lowest, value);
        }
        return lowest;
    }

    double highest() {
        double highest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            highest = Math.max(highest, value);
        }
        return highest;
    }
}
