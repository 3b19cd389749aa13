package dev.microgpt.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The curves of runs that differ in their seed: their mean, and the band from the lowest to the highest. */
final class SeedCurves {
    /** The largest number of points of a curve, one of many. */
    static final int MOST_POINTS = 400;

    private final List<Curve> curves = new ArrayList<>();

    /** Adds the curve of a run; one without points, of a run that has not begun, is left out. */
    void add(Curve curve) {
        if (curve.size() > 0) {
            curves.add(curve);
        }
    }

    /** Returns the mean at the steps that all curves have. */
    Curve mean(String name, String style) {
        double[] steps = steps();
        double[] means = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            for (Curve curve : curves) {
                means[i] += at(curve, steps[i]);
            }
            means[i] /= curves.size();
        }
        Curve mean = new Curve(name, style, steps, means);
        return mean.at(Thinning.indices(means, MOST_POINTS));
    }

    /** Returns the outline of the band: along the highest values, and back along the lowest. */
    Curve band(String style) {
        double[] steps = mean("", "").steps();
        int size = steps.length;
        double[] around = new double[2 * size];
        double[] values = new double[2 * size];
        for (int i = 0; i < size; i++) {
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            for (Curve curve : curves) {
                lowest = Math.min(lowest, at(curve, steps[i]));
                highest = Math.max(highest, at(curve, steps[i]));
            }
            around[i] = steps[i];
            values[i] = highest;
            around[2 * size - 1 - i] = steps[i];
            values[2 * size - 1 - i] = lowest;
        }
        return new Curve("", style, around, values);
    }

    private double[] steps() {
        if (curves.isEmpty()) {
            return new double[0];
        }
        return Arrays.stream(curves.get(0).steps())
                .filter(step -> curves.stream().allMatch(curve -> Arrays.binarySearch(curve.steps(), step) >= 0))
                .toArray();
    }

    private static double at(Curve curve, double step) {
        return curve.values()[Arrays.binarySearch(curve.steps(), step)];
    }
}
