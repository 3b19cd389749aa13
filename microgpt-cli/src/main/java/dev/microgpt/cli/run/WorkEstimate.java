package dev.microgpt.cli.run;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;

/** Estimates how long a command takes with the scalar kernels, well enough to tell a second from a minute. */
public final class WorkEstimate {
    /** The system property with the number of seconds above which a command is long; tests set it to 0. */
    public static final String LONG_FROM = "microgpt.relaunch.seconds";

    // A second JVM takes about 0.3 s to start. Vector kernels save a third of the arithmetic or more, so a longer
    // command gains time, even if the estimate is too high by a factor of three.
    private static final double LONG_FROM_SECONDS = 3;

    private static final double OPERATIONS_PER_SECOND = 8e9;

    private WorkEstimate() {}

    /**
     * Returns the seconds of a training run: for each token, 6 operations per parameter (2 forward, 4 backward), and 6
     * per channel of each layer and position of the document (attention scores and weighted sum, over half of the
     * positions on average).
     *
     * @param config    the shape of the model
     * @param documents the number of documents in all steps together
     * @param length    the mean number of tokens per document
     */
    public static double ofTraining(ModelConfig config, double documents, double length) {
        double parameters = config.parameterCount();
        if (parameters == Double.POSITIVE_INFINITY) {
            return 0; // refused soon, as larger than any memory
        }
        double attention = config instanceof GptConfig gpt ? (double) gpt.nLayer() * gpt.nEmbd() * length : 0;
        return documents * length * 6 * (parameters + attention) / OPERATIONS_PER_SECOND;
    }

    /** Returns the seconds of a training run if only the number of parameters is known. */
    public static double ofTraining(double parameters, double tokens) {
        return tokens * 6 * parameters / OPERATIONS_PER_SECOND;
    }

    /**
     * Returns the seconds of generating text: 2 operations per parameter and position. A token takes one position while
     * the context has room, and then all of them.
     *
     * @param parameters the number of parameters of the model
     * @param samples    the number of texts
     * @param newTokens  the number of tokens in each
     * @param positions  the number of positions of the model
     */
    public static double ofSampling(double parameters, double samples, double newTokens, double positions) {
        double beyond = Math.max(0, newTokens - positions);
        double computed = newTokens - beyond + beyond * positions;
        return samples * computed * 2 * parameters / OPERATIONS_PER_SECOND;
    }

    /** Returns whether a command of this length is worth starting a second JVM. */
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
                    "-D" + LONG_FROM + " is \"" + wanted + "\", but must be a number of seconds, 0 or above",
                    null);
        }
        return seconds;
    }
}
