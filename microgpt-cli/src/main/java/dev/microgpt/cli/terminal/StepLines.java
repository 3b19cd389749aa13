package dev.microgpt.cli.terminal;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;

/**
 * Prints microgpt.py's line for each step: {@code step    1 / 1000 | loss 3.4005}. On a terminal each line replaces the
 * former one, as there.
 */
public final class StepLines implements TrainingListener {
    private static final int STEP_WIDTH = 4;

    private final Terminal terminal;
    private final boolean rewrites;
    private final String total;

    public StepLines(Terminal terminal, int steps) {
        this(terminal, steps, StatusArea.isStandardOutput(terminal));
    }

    /**
     * Lines for tests.
     *
     * @param rewrites whether standard output is a terminal that can rewrite a line
     */
    StepLines(Terminal terminal, int steps, boolean rewrites) {
        this.terminal = terminal;
        this.rewrites = rewrites;
        this.total = Format.padded(steps, STEP_WIDTH);
    }

    @Override
    public void onStep(TrainingStep step) {
        String line = "step " + Format.padded(step.number(), STEP_WIDTH) + " / " + total + " | loss "
                + Format.fixed(step.loss(), Format.LOSS_DIGITS);
        if (rewrites) {
            terminal.rewrite(line);
        } else {
            terminal.print(line);
        }
    }

    /** Goes to standard error, since microgpt.py does not evaluate. */
    @Override
    public void onEvaluation(Evaluation evaluation) {
        terminal.note(Progress.evaluated(evaluation));
    }
}
