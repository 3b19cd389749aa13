package dev.microgpt.cli.terminal;

/**
 * How fast a training was lately.
 *
 * <p>It divides sums of the steps' tokens and times. Before a step of d seconds is added, the sums shrink to
 * {@code w / (w + d)} of what they were: what is longer ago than a window of w seconds hardly counts.
 */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double window;
    private int count;
    private double steps;
    private double tokens;
    private double seconds;

    /**
     * A pace without a step.
     *
     * @param window in seconds
     */
    Pace(double window) {
        this.window = window;
    }

    void add(long tokensOfStep, long nanos) {
        double secondsOfStep = Math.max(1, nanos) / NANOS_PER_SECOND;
        // The first step loads classes and runs in the interpreter: it counts only until there is another.
        double kept = count == 1 ? 0 : window / (window + secondsOfStep);
        count = Math.min(2, count + 1);
        steps = kept * steps + 1;
        tokens = kept * tokens + tokensOfStep;
        seconds = kept * seconds + secondsOfStep;
    }

    /** Returns the tokens in a second of training, NaN if there is no step yet. */
    double tokensPerSecond() {
        return tokens / seconds;
    }

    /** Returns the time a step, NaN if there is none yet. */
    double secondsPerStep() {
        return seconds / steps;
    }
}
