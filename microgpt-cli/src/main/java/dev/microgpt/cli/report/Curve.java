package dev.microgpt.cli.report;

import java.util.Arrays;
import java.util.List;

/**
 * Points to be joined by a line: finite values over ascending steps.
 *
 * @param name  what the page calls it
 * @param style how it is drawn, a class of the style sheet
 */
record Curve(String name, String style, double[] steps, double[] values) {
    /** Each value as it is, thin, behind the mean. */
    static final String EACH = "each";

    /** A mean, or values that need none. */
    static final String STRONG = "strong";

    /** Evaluations. */
    static final String HELD_BACK = "held-back";

    /** One value a step, without the steps that have none. */
    static Curve of(String name, Column steps, Column values) {
        double[] knownSteps = new double[steps.size()];
        double[] knownValues = new double[steps.size()];
        int size = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (Double.isFinite(values.get(i))) {
                knownSteps[size] = steps.get(i);
                knownValues[size++] = values.get(i);
            }
        }
        return new Curve(name, EACH, Arrays.copyOf(knownSteps, size), Arrays.copyOf(knownValues, size));
    }

    static Curve of(String name, List<EvaluationLine> evaluations) {
        double[] steps = new double[evaluations.size()];
        double[] values = new double[evaluations.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = evaluations.get(i).step();
            values[i] = evaluations.get(i).loss();
        }
        return new Curve(name, HELD_BACK, steps, values);
    }

    int size() {
        return steps.length;
    }

    /** Returns the same points, drawn in another way. */
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

    /** Returns, at these indices, the mean of the value and of those before it, {@code window} of them if there are. */
    Curve meansAt(int[] indices, int window) {
        double[] chosenSteps = new double[indices.length];
        double[] means = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosenSteps[i] = steps[indices[i]];
            means[i] = meanAt(indices[i], window);
        }
        return new Curve("mean of " + Numbers.grouped(window) + " steps", STRONG, chosenSteps, means);
    }

    /** The sum anew each time: one that is carried along would keep the error of each outlier that it passes. */
    double meanAt(int index, int window) {
        int from = Math.max(0, index + 1 - window);
        double sum = 0;
        for (int i = from; i <= index; i++) {
            sum += values[i];
        }
        return sum / (index + 1 - from);
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
