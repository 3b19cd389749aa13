package dev.microgpt.cli.run;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.LossWatch;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;

/** Warns once of a run whose loss has grown far above guessing, and lets the run fail if it ends like that. */
final class LossWarning implements TrainingListener {
    private static final String HINT =
            "lower --learning-rate, raise --warmup-steps, or clip the gradients with --grad-clip 1";

    private final Terminal terminal;
    private final int vocabSize;
    private final LossWatch watch;
    private boolean warned;

    /**
     * @param vocabSize the number of tokens, which gives the loss of guessing
     * @param resumed   whether the run has made steps before
     */
    LossWarning(Terminal terminal, int vocabSize, boolean resumed) {
        this.terminal = terminal;
        this.vocabSize = vocabSize;
        watch = new LossWatch(vocabSize, resumed);
    }

    @Override
    public void onStep(TrainingStep step) {
        watch.onStep(step);
        if (!warned && watch.isFarOff()) {
            warned = true;
            terminal.complain("microgpt: warning: after step " + step.number() + ", " + finding()
                    + "; the model is not learning: " + HINT);
        }
    }

    /** Returns whether {@link #checkEnd} would fail. */
    boolean isFarOff() {
        return watch.isFarOff();
    }

    /** Refuses to call a run a success whose model is worse than guessing and than it was at the beginning. */
    void checkEnd() {
        if (watch.isFarOff()) {
            throw new CliException(
                    ExitCode.DIVERGED,
                    "the model has not learned: " + finding(),
                    "the run is saved; start it again with other settings: " + HINT);
        }
    }

    private String finding() {
        double first = watch.firstLoss();
        return "the mean training loss of recent steps is "
                + Format.loss(watch.recentLoss()) + ", but guessing among " + vocabSize
                + " tokens has "
                + Format.loss(watch.guessingLoss())
                + (Double.isFinite(first) ? " and the first step had " + Format.loss(first) : "");
    }
}
