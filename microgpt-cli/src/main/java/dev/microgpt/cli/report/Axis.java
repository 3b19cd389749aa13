package dev.microgpt.cli.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A range of numbers with labels at some round ones; linear or logarithmic. */
final class Axis {
    private static final int[] ROUND = {1, 2, 5};
    private static final int DIGITS_OF_THOUSAND = 3;
    private static final BigDecimal LEAST_WITH_K = BigDecimal.valueOf(10_000);
    // the number of decimals that a label has room for
    private static final int MOST_DECIMALS = 4;
    private static final int MOST_DECADES = 6;
    // up to this ratio of highest to lowest value, a decade has more than one label
    private static final double FEW_DECADES = 100;

    /** A labelled position. */
    record Tick(double value, String label) {}

    private final double min;
    private final double max;
    private final boolean logarithmic;
    private final List<Tick> ticks;

    private Axis(double min, double max, boolean logarithmic, List<Tick> ticks) {
        this.min = min;
        this.max = max;
        this.logarithmic = logarithmic;
        this.ticks = List.copyOf(ticks);
    }

    /** Returns a linear axis from {@code low} to {@code high} exactly, with labels at whole numbers. */
    static Axis ofSteps(double low, double high, int intervals) {
        BigDecimal step = step(low, high, intervals).max(BigDecimal.ONE);
        long first = (long) Math.ceil(low / step.doubleValue());
        long last = (long) Math.floor(high / step.doubleValue());
        return new Axis(low, high, false, linearTicks(step, first, last));
    }

    /** Returns a linear axis from a round number below {@code low} to one above {@code high}; these may be equal. */
    static Axis around(double low, double high, int intervals) {
        if (!(high > low)) {
            double room = Math.abs(low) / 2;
            return low == 0 ? around(0, 1, intervals) : around(low - room, low + room, intervals);
        }
        BigDecimal step = step(low, high, intervals);
        long first = (long) Math.floor(low / step.doubleValue());
        long last = (long) Math.ceil(high / step.doubleValue());
        List<Tick> ticks = linearTicks(step, first, last);
        return new Axis(ticks.get(0).value(), ticks.get(ticks.size() - 1).value(), false, ticks);
    }

    /**
     * Returns a logarithmic axis from a round number below {@code low}, which must be positive, to one above {@code
     * high}. Round numbers are 1, 2 and 5 times a power of ten; only the powers have a label if there would be too
     * many.
     */
    static Axis logarithmic(double low, double high) {
        int lowest = (int) Math.floor(StrictMath.log10(low));
        int highest = (int) Math.ceil(StrictMath.log10(high));
        int stride = Math.max(1, (highest - lowest + MOST_DECADES - 1) / MOST_DECADES);
        boolean few = high <= FEW_DECADES * low;
        double min = 0;
        double max = 0;
        List<Tick> ticks = new ArrayList<>();
        for (int decade = lowest; !(max > high); decade++) {
            for (int digit : ROUND) {
                BigDecimal round = BigDecimal.valueOf(digit).scaleByPowerOfTen(decade);
                double value = round.doubleValue();
                if (max > high) {
                    break;
                }
                if (value <= low) {
                    min = value;
                    ticks.clear();
                }
                if (few || digit == 1 && (decade - lowest) % stride == 0) {
                    ticks.add(new Tick(value, label(round, decade, decade > DIGITS_OF_THOUSAND)));
                }
                max = value;
            }
        }
        return new Axis(min, max, true, ticks);
    }

    /**
     * Returns the smallest of 1, 2 and 5 times a power of ten that divides the range into at most {@code intervals}.
     */
    private static BigDecimal step(double low, double high, int intervals) {
        double least = (high - low) / intervals;
        int exponent = (int) Math.floor(StrictMath.log10(least));
        while (true) {
            for (int digit : ROUND) {
                BigDecimal step = BigDecimal.valueOf(digit).scaleByPowerOfTen(exponent);
                if (step.doubleValue() >= least) {
                    return step;
                }
            }
            exponent++;
        }
    }

    private static List<Tick> linearTicks(BigDecimal step, long first, long last) {
        List<Tick> ticks = new ArrayList<>();
        int exponent = step.precision() - step.scale() - 1;
        boolean thousands = exponent >= DIGITS_OF_THOUSAND
                && step.multiply(BigDecimal.valueOf(last)).compareTo(LEAST_WITH_K) >= 0;
        for (long i = first; i <= last; i++) {
            BigDecimal value = step.multiply(BigDecimal.valueOf(i));
            ticks.add(new Tick(value.doubleValue(), label(value, exponent, thousands)));
        }
        return ticks;
    }

    /** Formats a label with the decimals that a number with this exponent needs. */
    private static String label(BigDecimal value, int exponent, boolean thousands) {
        if (value.signum() == 0) {
            return "0";
        }
        if (-exponent > MOST_DECIMALS || exponent > 2 * MOST_DECIMALS) {
            return Numbers.scientific(value);
        }
        if (exponent < 0) {
            return value.setScale(-exponent).toPlainString();
        }
        return thousands
                ? Numbers.grouped(value.scaleByPowerOfTen(-DIGITS_OF_THOUSAND).longValueExact()) + "k"
                : Numbers.grouped(value.longValueExact());
    }

    /** Returns the position of a value: 0 at the beginning of the axis, 1 at its end. */
    double position(double value) {
        if (logarithmic) {
            return (StrictMath.log(value) - StrictMath.log(min)) / (StrictMath.log(max) - StrictMath.log(min));
        }
        return (value - min) / (max - min);
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    boolean isLogarithmic() {
        return logarithmic;
    }

    List<Tick> ticks() {
        return ticks;
    }
}
