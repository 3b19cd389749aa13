package dev.microgpt.cli.terminal;

/**
 * Estimates the time that training still takes, once the estimate can be right within a factor of two.
 *
 * <p>The first steps of a JVM take many times as long as later ones, because they are interpreted and compiled. There
 * is no estimate until the last quarter of the steps took at least four fifths of the time of the quarter before it,
 * after at least 40 steps and 3 seconds. After a minute, everything is compiled, and 4 steps are enough. The duration
 * of a step is then the mean of the last quarter of the steps, later that of the last 30 seconds.
 *
 * <p>Evaluations are counted as well: before the first one, as the forward passes that they consist of, each a third of
 * the batch of a step; later by their mean duration. The last one, after the last step, is not.
 */
final class TimeLeft {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SECONDS_OF_WINDOW = 30;
    private static final int FEWEST_STEPS = 40;
    private static final double FEWEST_SECONDS = 3;
    private static final int FEWEST_SLOW_STEPS = 4;
    private static final double COMPILED_AFTER = 60;
    private static final double SETTLED = 0.8;

    // the steps that are kept, of which the last half are the last two quarters
    private static final int KEPT = 1024;

    private final int totalSteps;
    private final int evalInterval;
    private final double stepsPerEvaluation;
    private final RecentSpeed recent = new RecentSpeed(SECONDS_OF_WINDOW);
    private final double[] secondsOfStep = new double[KEPT];
    private long steps;
    private double stepSeconds;
    private int evaluations;
    private double evaluationSeconds;

    /**
     * An estimate before the first step.
     *
     * @param totalSteps         the number of steps of the run
     * @param evalInterval       the number of steps between evaluations
     * @param stepsPerEvaluation the duration of an evaluation, estimated in steps; 0 if there are none
     */
    TimeLeft(int totalSteps, int evalInterval, double stepsPerEvaluation) {
        this.totalSteps = totalSteps;
        this.evalInterval = evalInterval;
        this.stepsPerEvaluation = stepsPerEvaluation;
    }

    void addStep(long nanos) {
        recent.add(0, nanos);
        double seconds = nanos / NANOS_PER_SECOND;
        secondsOfStep[(int) (steps % KEPT)] = seconds;
        steps++;
        stepSeconds += seconds;
    }

    void addEvaluation(double nanos) {
        evaluations++;
        evaluationSeconds += nanos / NANOS_PER_SECOND;
    }

    /**
     * Returns the seconds up to the end of the last step.
     *
     * @param step    the number of the last step that is done
     * @param elapsed the seconds since the first step of this process began
     * @return NaN if there is no estimate yet
     */
    double seconds(int step, double elapsed) {
        double perStep = secondsPerStep();
        double perEvaluation = evaluations == 0 ? stepsPerEvaluation * perStep : evaluationSeconds / evaluations;
        int evaluationsLeft = (totalSteps - 1) / evalInterval - step / evalInterval;
        // checkpoints and other work between steps: rare and long, so their mean is over the whole run
        double between = Math.max(0, elapsed - stepSeconds - evaluationSeconds) / steps;
        return (totalSteps - step) * (perStep + between)
                + (stepsPerEvaluation > 0 ? Math.max(0, evaluationsLeft) * perEvaluation : 0);
    }

    private double secondsPerStep() {
        boolean enough = steps >= FEWEST_STEPS && stepSeconds >= FEWEST_SECONDS
                || steps >= FEWEST_SLOW_STEPS && stepSeconds >= COMPILED_AFTER;
        if (!enough) {
            return Double.NaN;
        }
        int quarter = (int) Math.min(steps / 4, KEPT / 2);
        double last = sum(quarter, 0);
        if (stepSeconds < COMPILED_AFTER && last < SETTLED * sum(quarter, quarter)) {
            return Double.NaN;
        }
        return last > SECONDS_OF_WINDOW || steps / 4 > quarter ? recent.secondsPerStep() : last / quarter;
    }

    /** Returns the seconds of {@code count} steps, the last but {@code after}. */
    private double sum(int count, int after) {
        double sum = 0;
        for (int i = 1; i <= count; i++) {
            sum += secondsOfStep[(int) ((steps - after - i) % KEPT)];
        }
        return sum;
    }
}
