package dev.microgpt.cli.terminal;

/**
 * The recent speed of training.
 *
 * <p>Divides sums of tokens and times. Before a step of d seconds is added, the sums are multiplied by
 * {@code w / (w + d)}, so that steps before a window of w seconds hardly count.
 */
final class RecentSpeed {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double window;
    private int count;
    private double steps;
    private double tokens;
    private double seconds;

    /**
     * A speed without a step yet.
     *
     * @param window the length of the window in seconds
     */
    RecentSpeed(double window) {
        this.window = window;
    }

    void add(long tokensOfStep, long nanos) {
        double secondsOfStep = Math.max(1, nanos) / NANOS_PER_SECOND;
        // the first step loads classes and runs in the interpreter: it counts only until there is another
        double kept = count == 1 ? 0 : window / (window + secondsOfStep);
        count = Math.min(2, count + 1);
        steps = kept * steps + 1;
        tokens = kept * tokens + tokensOfStep;
        seconds = kept * seconds + secondsOfStep;
    }

    /** Returns the tokens per second of training, NaN before the first step. */
    double tokensPerSecond() {
        return tokens / seconds;
    }

    /** Returns the seconds per step, NaN before the first step. */
    double secondsPerStep() {
        return seconds / steps;
    }
}
