package dev.microgpt.cli.terminal;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.Closeable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a training run on standard error: on a terminal in a status line, elsewhere in a new line every
 * {@code logInterval} steps. The training loss is the mean of recent steps.
 *
 * <p>Each evaluation gets a line of its own, and the line of the last step stays.
 */
public final class ProgressLine implements TrainingListener, Closeable {
    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private static final double SECONDS_OF_SPEED = 5;
    private static final int LONGEST_CURVE = 60;

    private final Terminal terminal;
    private final int totalSteps;
    private final int logInterval;
    private final @Nullable StatusArea area;
    private final LongSupplier nanoTime;

    private final LossHistory losses;
    private final TimeLeft timeLeft;
    private final RecentSpeed speed = new RecentSpeed(SECONDS_OF_SPEED);
    private double validationLoss = Double.NaN;

    private @Nullable TrainingStep last;
    private boolean lastIsPrinted;
    private long startedAt;
    private long steppedAt;
    private boolean drawn;
    private long drawnAt;

    /**
     * The course of a run.
     *
     * @param steps              the number of the last step, at least 1
     * @param logInterval        the number of steps between two lines if standard error is not a terminal, at least 1
     * @param evalInterval       the number of steps between two evaluations, at least 1
     * @param stepsPerEvaluation the duration of an evaluation, estimated in steps; 0 if there are none
     */
    public record Course(int steps, int logInterval, int evalInterval, double stepsPerEvaluation) {
        public Course {
            if (steps < 1 || logInterval < 1 || evalInterval < 1) {
                throw new IllegalArgumentException("progress line: the number of steps is " + steps + ", logInterval "
                        + logInterval + " and evalInterval " + evalInterval + "; all must be at least 1");
            }
        }
    }

    /**
     * Progress on standard error.
     *
     * @param losses the losses of the run, to which each step is added before it is shown
     */
    public ProgressLine(Terminal terminal, LossHistory losses, Course course) {
        this(terminal, losses, course, StatusArea.find(terminal), System::nanoTime);
    }

    /**
     * Progress with another clock, for tests.
     *
     * @param area where to show the status line, or null for a new line every {@code logInterval} steps
     */
    ProgressLine(
            Terminal terminal, LossHistory losses, Course course, @Nullable StatusArea area, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.losses = losses;
        this.totalSteps = course.steps();
        this.logInterval = course.logInterval();
        this.timeLeft = new TimeLeft(totalSteps, course.evalInterval(), course.stepsPerEvaluation());
        this.area = area;
        this.nanoTime = nanoTime;
    }

    /**
     * Draws the curve of the loss between its first and its last value, as wide as the terminal but no wider than 60
     * characters; without a terminal in ASCII, so that a file is the same in every locale. Empty before the first step.
     */
    public String curve() {
        double[] points = losses.curve();
        if (points.length == 0) {
            return "";
        }
        String first = Format.loss(points[0]) + " ";
        String end = " " + Format.loss(points[points.length - 1]);
        int columns = area == null ? TerminalColumns.USUAL : area.columns().getAsInt();
        int room = Math.max(1, columns - 1 - first.length() - end.length());
        boolean blocks = area != null && area.blocks();
        return first + Sparkline.of(points, Math.min(LONGEST_CURVE, room), blocks) + end;
    }

    @Override
    public void onStep(TrainingStep step) {
        long now = nanoTime.getAsLong();
        if (last == null) {
            startedAt = now - step.nanos();
        }
        last = step;
        lastIsPrinted = false;
        steppedAt = now;
        speed.add(step.tokens(), step.nanos());
        timeLeft.addStep(step.nanos());
        if (area == null) {
            if (step.number() % logInterval == 0 || step.number() == totalSteps) {
                print(step);
            }
        } else if (!drawn || now - drawnAt >= NANOS_BETWEEN_DRAWINGS) {
            drawn = true;
            drawnAt = now;
            terminal.pin(
                    progress(step).fitted(area.columns().getAsInt(), area.colours(), losses.curve(), area.blocks()));
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        validationLoss = evaluation.loss();
        if (last != null) { // otherwise before the first step, of a trained model
            timeLeft.addEvaluation(nanoTime.getAsLong() - steppedAt);
        }
        terminal.note(Progress.evaluated(evaluation));
    }

    /** Replaces the status line by a plain line of the last step. */
    @Override
    public void close() {
        terminal.pin("");
        if (last != null && !lastIsPrinted) {
            print(last);
        }
    }

    private void print(TrainingStep step) {
        lastIsPrinted = true;
        terminal.note(progress(step).plain());
    }

    private Progress progress(TrainingStep step) {
        double seconds = (steppedAt - startedAt) / NANOS_PER_SECOND;
        return new Progress(
                step.number(),
                totalSteps,
                losses.recentLoss(),
                validationLoss,
                step.learningRate(),
                speed.tokensPerSecond(),
                step.number() >= totalSteps ? seconds : timeLeft.seconds(step.number(), seconds));
    }
}
