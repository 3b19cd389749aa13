package dev.microgpt.cli.run;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;

/** How long a command takes with the plain kernels: good enough to tell a second from a minute. */
public final class WorkEstimate {
    /** The system property that says from how many seconds on a command is long; tests set it to 0. */
    public static final String LONG_FROM = "microgpt.relaunch.seconds";

    // A second JVM takes about 0.3 s to get as far as this one was. Vectors save a third of the arithmetic or more, so
    // from here on that is won back, even if the estimate is too high by a factor of three.
    private static final double LONG_FROM_SECONDS = 3;

    private static final double OPERATIONS_PER_SECOND = 8e9;

    private WorkEstimate() {}

    /**
     * Returns the seconds of a training: for each token 6 operations a parameter (2 forward, 4 backward), and as many
     * for each channel of each layer and each position of a document (scores and mixture, over half of it on average).
     *
     * @param config    the shape of the model
     * @param documents how many documents all steps together see
     * @param length    the tokens of an average document
     */
    public static double ofTraining(GptConfig config, double documents, double length) {
        double attention = (double) config.nLayer() * config.nEmbd() * length;
        return documents * length * 6 * (config.parameterCount() + attention) / OPERATIONS_PER_SECOND;
    }

    /** Returns the seconds of a training of a model of which only the number of parameters is known. */
    public static double ofTraining(double parameters, double tokens) {
        return tokens * 6 * parameters / OPERATIONS_PER_SECOND;
    }

    /**
     * Returns the seconds of generating: for each position 2 operations a parameter. A token takes one position as long
     * as there are unused ones, and then all of them.
     *
     * @param parameters how many the model has
     * @param samples    how many texts
     * @param newTokens  the tokens of each
     * @param positions  how many the model has
     */
    public static double ofSampling(double parameters, double samples, double newTokens, double positions) {
        double beyond = Math.max(0, newTokens - positions);
        double computed = newTokens - beyond + beyond * positions;
        return samples * computed * 2 * parameters / OPERATIONS_PER_SECOND;
    }

    /** Returns whether the time is worth a second JVM. */
    public static boolean isLong(double seconds) {
        String wanted = System.getProperty(LONG_FROM);
        return seconds > (wanted == null ? LONG_FROM_SECONDS : number(wanted));
    }

    private static double number(String wanted) {
        double seconds;
        try {
            seconds = Double.parseDouble(wanted);
        } catch (NumberFormatException none) {
            seconds = Double.NaN;
        }
        if (!(seconds >= 0)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "-D" + LONG_FROM + ": found \"" + wanted + "\", expected a number of seconds, 0 or above",
                    null);
        }
        return seconds;
    }
}
