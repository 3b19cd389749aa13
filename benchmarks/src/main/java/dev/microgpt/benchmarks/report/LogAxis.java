package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A logarithmic scale.
 *
 * @param least   the smallest value on it, positive
 * @param largest the largest
 * @param from    the pixel of the smallest
 * @param to      the pixel of the largest
 */
record LogAxis(double least, double largest, double from, double to) {
    /** An axis that begins and ends a little beyond all values. */
    static LogAxis around(List<Double> values, double from, double to) {
        return new LogAxis(Collections.min(values) / 1.4, Collections.max(values) * 1.4, from, to);
    }

    /** The pixel of a value. */
    double at(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(largest / least);
    }

    /** The pixel half-way. */
    double middle() {
        return (from + to) / 2;
    }

    /** The numbers 1, 2 and 5 times a power of ten on the axis, or the powers alone where it spans many. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        boolean few = largest / least > 2e3;
        for (double power = Math.pow(10, Math.floor(Math.log10(least))); power <= largest; power *= 10) {
            for (int digit : few ? new int[] {1} : new int[] {1, 2, 5}) {
                double tick = digit * power;
                if (tick >= least && tick <= largest) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
