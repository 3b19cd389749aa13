package dev.microgpt.cli.terminal;

import dev.microgpt.train.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a training run, formatted as one line.
 *
 * @param step            the number of the last step
 * @param total           the number of steps of the run
 * @param loss            the mean training loss of recent steps in nats
 * @param validationLoss  the loss of the last evaluation in nats; NaN if there was none
 * @param learningRate    the learning rate of the last step
 * @param tokensPerSecond the speed in recent seconds
 * @param seconds         the estimated time left, NaN if it is unknown; after the last step the time the run took
 */
record Progress(
        int step,
        int total,
        double loss,
        double validationLoss,
        double learningRate,
        double tokensPerSecond,
        double seconds) {
    /** The text between two parts of a line. */
    static final String SEPARATOR = " | ";

    private static final int PERCENT = 1;
    private static final int LOSS = 2;

    /**
     * The order in which parts are dropped from a line that is too long, as positions in {@link #parts()}: rate, speed,
     * validation, time, percentage, loss.
     */
    private static final int[] DROPPED = {4, 5, 3, 6, PERCENT, LOSS};

    private static final boolean[] SECONDARY = {false, false, false, false, true, true, false};

    private static final int SHORTEST_BAR = 12;
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_CURVE = 8;
    private static final int LONGEST_CURVE = 32;

    private static final String DIM = "\u001B[2m";
    private static final String NORMAL = "\u001B[22m";

    /** Formats the result of an evaluation as a line. */
    static String evaluated(Evaluation evaluation) {
        return "step " + evaluation.step() + SEPARATOR + "validation loss "
                + Format.loss(evaluation.loss()) + SEPARATOR + "perplexity "
                + Format.readable(evaluation.perplexity(), 2) + SEPARATOR
                + Format.readable(evaluation.bitsPerToken(), 2) + " bits per token"
                + (evaluation.best() ? SEPARATOR + "best" : "");
    }

    /** Returns a complete line, for a file or a pipe. */
    String plain() {
        String time = timeText();
        return "step " + step + " / " + total + SEPARATOR + "mean training loss " + Format.loss(loss) + SEPARATOR
                + rateText() + SEPARATOR + speedText() + (time == null ? "" : SEPARATOR + time);
    }

    /**
     * Returns a line for a terminal: without the least important parts if it is narrow, with a bar and the curve of the
     * loss if it is wide.
     *
     * @param columns the width of the terminal, of which the last column stays free
     * @param colours whether to dim secondary parts
     * @param curve   the training loss so far
     * @param blocks  whether to draw it with block characters
     */
    String fitted(int columns, boolean colours, double[] curve, boolean blocks) {
        int room = columns - 1;
        @Nullable String[] parts = parts();
        int length = length(parts);
        int dropped = 0;
        while (length > room && dropped < DROPPED.length) {
            parts[DROPPED[dropped]] = null;
            dropped++;
            length = length(parts);
        }
        if (length > room) {
            return shortest(room);
        }
        int free = room - length - 1;
        if (dropped == 0 && free >= SHORTEST_BAR) {
            int curveRoom = Math.min(LONGEST_CURVE, Math.min(free - SHORTEST_BAR - 1, free / 2));
            if (curveRoom >= SHORTEST_CURVE && curve.length >= SHORTEST_CURVE) {
                parts[LOSS] = parts[LOSS] + " " + Sparkline.of(curve, curveRoom, blocks);
                free -= curveRoom + 1;
            }
            parts[PERCENT] = bar(Math.min(LONGEST_BAR, free)) + " " + parts[PERCENT];
        }
        return joined(parts, colours);
    }

    private @Nullable String[] parts() {
        String number = Format.padded(step, Integer.toString(total).length());
        return new @Nullable String[] {
            "step " + number + " / " + total,
            Format.padded(percent(), 3) + "%",
            "mean loss " + Format.loss(loss),
            Double.isNaN(validationLoss) ? null : "val loss " + Format.loss(validationLoss),
            rateText(),
            speedText(),
            timeText()
        };
    }

    private static int length(@Nullable String[] parts) {
        int length = -SEPARATOR.length();
        for (String part : parts) {
            length += part == null ? 0 : SEPARATOR.length() + part.length();
        }
        return length;
    }

    private static String joined(@Nullable String[] parts, boolean colours) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part != null) {
                String separated = line.isEmpty() ? part : SEPARATOR + part;
                line.append(colours && SECONDARY[i] ? DIM + separated + NORMAL : separated);
            }
        }
        return line.toString();
    }

    private String shortest(int room) {
        String count = step + " / " + total;
        if (count.length() <= room) {
            return count;
        }
        String percent = percent() + "%";
        return percent.length() <= room ? percent : "";
    }

    private String bar(int width) {
        int inside = width - 2;
        int done = (int) Math.min(inside, (long) inside * step / total);
        return "[" + "=".repeat(done) + " ".repeat(inside - done) + "]";
    }

    private int percent() {
        return (int) (100L * step / total);
    }

    private String rateText() {
        return "lr " + Format.scientific(learningRate);
    }

    private String speedText() {
        return (tokensPerSecond < 10
                        ? Format.readable(tokensPerSecond, 1)
                        : Format.grouped(Math.round(tokensPerSecond)))
                + " tokens/s";
    }

    private @Nullable String timeText() {
        if (Double.isNaN(seconds)) {
            return null;
        }
        return step >= total ? "took " + Format.duration(seconds) : Format.duration(seconds) + " left";
    }
}
