package dev.microgpt.train;

import java.util.List;

/**
 * What the losses of a run say about more steps: see {@link Kind} for the rules.
 *
 * @param kind  how the loss has developed
 * @param since the step since when; 0 if the kind has none
 */
public record Verdict(Kind kind, int since) {
    /** How the loss of a run has developed. */
    public enum Kind {
        /** Fewer than 20 steps: too few to tell. */
        UNKNOWN,
        /** The losses of single steps differ so much that a fall of a few percent in the last half would not show. */
        NOISY,
        /** The loss still falls. */
        FALLING,
        /**
         * The loss has changed little for the last half of the run or longer; the end of a run alone says little, as
         * its learning rate is low. With four evaluations or more, later validation losses are not lower by 0.5 %; with
         * fewer, the training loss is not, by more than the noise of the steps explains (twice the standard error of
         * the difference of two means), and that is at most 2 % of the loss.
         */
        FLAT,
        /** The training loss has grown, by more than 0.5 % and than noise explains, since it was lowest. */
        RISING,
        /**
         * The validation loss has risen since it was lowest, while the training loss fell: by more than 1 % in the last
         * two evaluations, or by more than 3 % in the only one since.
         */
        OVERFITTING
    }

    private static final int FEWEST_POINTS = RecentMean.NUMBERS;
    private static final int FEWEST_EVALUATIONS = 4;
    private static final double CHANGE = 0.005;
    private static final double RISE = 0.01;
    private static final double RISE_IN_ONE = 0.03;
    private static final double STANDARD_ERRORS = 2;
    private static final double MOST_NOISE = 0.02;

    /**
     * Judges the losses of a run.
     *
     * @param history its losses
     * @return the verdict
     */
    public static Verdict of(LossHistory history) {
        double[] curve = history.wholePoints();
        if (curve.length < FEWEST_POINTS) {
            return new Verdict(Kind.UNKNOWN, 0);
        }
        List<Evaluation> evaluations = history.evaluations();
        int best = lowest(evaluations);
        if (isOverfitting(evaluations, best) && fellSince(evaluations.get(best).step(), curve, history)) {
            return new Verdict(Kind.OVERFITTING, evaluations.get(best).step());
        }
        if (change(curve, curve.length / 2) < 0 && change(curve, curve.length - curve.length / 4) <= 0) {
            return new Verdict(Kind.RISING, history.lowestStep());
        }
        boolean isEvaluated = evaluations.size() >= FEWEST_EVALUATIONS;
        int flat = isEvaluated ? flatSince(evaluations) : flatSince(curve, history);
        if (flat > 0 && !isEvaluated && isNoisy(curve, curve.length / 2)) {
            return new Verdict(Kind.NOISY, 0);
        }
        return flat > 0 ? new Verdict(Kind.FLAT, flat) : new Verdict(Kind.FALLING, 0);
    }

    private static int lowest(List<Evaluation> evaluations) {
        int lowest = 0;
        for (int i = 1; i < evaluations.size(); i++) {
            lowest = evaluations.get(i).loss() < evaluations.get(lowest).loss() ? i : lowest;
        }
        return lowest;
    }

    private static boolean isOverfitting(List<Evaluation> evaluations, int best) {
        int last = evaluations.size() - 1;
        if (best >= last) {
            return false;
        }
        double lowest = evaluations.get(best).loss();
        double rise = evaluations.get(last).loss() - lowest;
        return best == last - 1
                ? rise > RISE_IN_ONE * lowest
                : Math.min(rise, evaluations.get(last - 1).loss() - lowest) > RISE * lowest;
    }

    private static boolean fellSince(int step, double[] curve, LossHistory history) {
        int point = 0;
        while (point < curve.length - 1 && history.firstStepOf(point + 1) <= step) {
            point++;
        }
        int tenth = curve.length / 10;
        int end = Math.max(point + 1, tenth);
        return mean(curve, curve.length - tenth, curve.length) < mean(curve, end - tenth, end);
    }

    private static int flatSince(List<Evaluation> evaluations) {
        int last = evaluations.size() - 1;
        double lowest = Double.POSITIVE_INFINITY;
        int flat = last;
        for (int i = last; i >= 0; i--) {
            lowest = Math.min(lowest, evaluations.get(i).loss());
            flat = evaluations.get(i).loss() <= (1 + CHANGE) * lowest ? i : flat;
        }
        int since = evaluations.get(flat).step();
        int end = evaluations.get(last).step();
        return end - since >= end / 2.0 ? since : 0;
    }

    private static int flatSince(double[] curve, LossHistory history) {
        int half = curve.length / 2;
        if (change(curve, half) > 0) {
            return 0;
        }
        int flat = half;
        while (flat > 0 && change(curve, flat - 1, flat - 1 + curve.length / 8, half) <= 0) {
            flat--;
        }
        return history.firstStepOf(flat);
    }

    /** Compares the two halves of a curve from a point on. */
    private static int change(double[] curve, int from) {
        int middle = (from + curve.length) / 2;
        return change(curve, from, middle, middle);
    }

    /**
     * Returns 1 if the end of a curve is lower than the part between two points, -1 if it is higher, and 0 if noise
     * explains the difference.
     */
    private static int change(double[] curve, int from, int to, int end) {
        double last = mean(curve, end, curve.length);
        double fall = mean(curve, from, to) - last;
        boolean counts = Math.abs(fall) > noise(curve, from, to, end) && Math.abs(fall) > CHANGE * last;
        return counts ? (int) Math.signum(fall) : 0;
    }

    /** Returns whether a difference between the halves of a curve from a point on must be large to show. */
    private static boolean isNoisy(double[] curve, int from) {
        int middle = (from + curve.length) / 2;
        return noise(curve, from, middle, middle) > MOST_NOISE * mean(curve, middle, curve.length);
    }

    /** Returns the difference of the means of two parts that noise explains. */
    private static double noise(double[] curve, int from, int to, int end) {
        return STANDARD_ERRORS * Math.sqrt(squaredError(curve, from, to) + squaredError(curve, end, curve.length));
    }

    private static double mean(double[] curve, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += curve[i];
        }
        return sum / (to - from);
    }

    /** Returns the squared standard error of a mean. */
    private static double squaredError(double[] curve, int from, int to) {
        double mean = mean(curve, from, to);
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (curve[i] - mean) * (curve[i] - mean);
        }
        int count = to - from;
        return squares / Math.max(1, count - 1) / count;
    }
}
