package dev.microgpt.cli.terminal;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.Closeable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a training run on standard error: on a terminal in a status line, elsewhere in a new line every
 * {@code logInterval} steps. The loss is a mean over about 20 steps.
 *
 * <p>Each evaluation gets a line of its own, and the line of the last step stays.
 */
public final class ProgressLine implements TrainingListener, Closeable {
    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private static final double SECONDS_OF_SPEED = 5;
    private static final double SECONDS_OF_PREDICTION = 30;

    private final Terminal terminal;
    private final int totalSteps;
    private final int logInterval;
    private final @Nullable StatusArea area;
    private final LongSupplier nanoTime;

    private final RecentMean loss = new RecentMean();
    private final RecentSpeed speed = new RecentSpeed(SECONDS_OF_SPEED);
    private final RecentSpeed prediction = new RecentSpeed(SECONDS_OF_PREDICTION);
    private double validationLoss = Double.NaN;

    private @Nullable TrainingStep last;
    private boolean lastIsPrinted;
    private long steps;
    private long nanosOfSteps;
    private long startedAt;
    private long steppedAt;
    private boolean drawn;
    private long drawnAt;

    /**
     * Progress on standard error.
     *
     * @param totalSteps  the number of the last step, at least 1
     * @param logInterval the number of steps between two lines if standard error is not a terminal, at least 1
     */
    public ProgressLine(Terminal terminal, int totalSteps, int logInterval) {
        this(terminal, totalSteps, logInterval, StatusArea.find(terminal), System::nanoTime);
    }

    /**
     * Progress with another clock, for tests.
     *
     * @param area where to show the status line, or null for a new line every {@code logInterval} steps
     */
    public ProgressLine(
            Terminal terminal, int totalSteps, int logInterval, @Nullable StatusArea area, LongSupplier nanoTime) {
        if (totalSteps < 1 || logInterval < 1) {
            throw new IllegalArgumentException("progress line: totalSteps is " + totalSteps + " and logInterval "
                    + logInterval + "; both must be at least 1");
        }
        this.terminal = terminal;
        this.totalSteps = totalSteps;
        this.logInterval = logInterval;
        this.area = area;
        this.nanoTime = nanoTime;
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
        steps++;
        nanosOfSteps += step.nanos();
        loss.add(step.loss());
        speed.add(step.tokens(), step.nanos());
        prediction.add(step.tokens(), step.nanos());
        if (area == null) {
            if (step.number() % logInterval == 0 || step.number() == totalSteps) {
                print(step);
            }
        } else if (!drawn || now - drawnAt >= NANOS_BETWEEN_DRAWINGS) {
            drawn = true;
            drawnAt = now;
            terminal.pin(progress(step).fitted(area.columns().getAsInt(), area.colours()));
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        validationLoss = evaluation.loss();
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
        double elapsed = steppedAt - startedAt;
        double seconds;
        if (step.number() >= totalSteps) {
            seconds = elapsed / NANOS_PER_SECOND;
        } else {
            // evaluations and other work between steps are rare and long: their mean is over the whole run
            double secondsBetween = Math.max(0, elapsed - nanosOfSteps) / steps / NANOS_PER_SECOND;
            seconds = (totalSteps - step.number()) * (prediction.secondsPerStep() + secondsBetween);
        }
        return new Progress(
                step.number(),
                totalSteps,
                loss.value(),
                validationLoss,
                step.learningRate(),
                speed.tokensPerSecond(),
                seconds);
    }
}
