package dev.microgpt.cli.run;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.Verdict;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a run says at its end, on standard error: where the model is, how the loss went, and what comes next. */
final class RunEnd implements TrainingListener {
    private static final String INDENT = "    ";

    private final Terminal terminal;
    private final RunFolder folder;
    private final LossHistory losses;
    private final String trainOnCommand;
    private @Nullable Evaluation last;
    private @Nullable Evaluation best;

    /**
     * @param losses         the losses of the run
     * @param trainOnCommand the command line that resumes the run beyond its end
     */
    RunEnd(Terminal terminal, RunFolder folder, LossHistory losses, String trainOnCommand) {
        this.terminal = terminal;
        this.folder = folder;
        this.losses = losses;
        this.trainOnCommand = trainOnCommand;
    }

    @Override
    public void onStep(TrainingStep step) {}

    /** After the last step, the best model may be evaluated again, which is of an earlier step. */
    @Override
    public void onEvaluation(Evaluation evaluation) {
        last = last == null || evaluation.step() >= last.step() ? evaluation : last;
        best = evaluation.best() ? evaluation : best;
    }

    /**
     * Says everything about a run that has ended.
     *
     * @param step      its last step
     * @param steps     its number of steps, more if its patience was over before
     * @param isPatient whether it had a patience
     * @param curve     the curve of the loss; empty for none
     * @param hasReport whether there is a report
     */
    void print(int step, int steps, boolean isPatient, String curve, boolean hasReport) {
        Path model = folder.finalPath(folder.checkpoints().last());
        Path bestModel = folder.finalPath(folder.checkpoints().best());
        boolean lastIsBest = last == null || best != null && best.step() == step;
        String trained = "trained " + steps + (steps == 1 ? " step" : " steps");
        terminal.say((step < steps ? "ended early after step " + step + " of " + steps : trained) + "; the model is "
                + model + (lastIsBest ? "" : ", the best one " + bestModel));
        if (hasReport) {
            terminal.note("the report is " + folder.finalPath(folder.report()) + "; open it in a browser");
        }
        printLosses(curve);
        Verdict verdict = Verdict.of(losses);
        if (losses.lastStep() > 0) { // otherwise a finished run is repeated that has no metrics
            terminal.note(text(verdict, bestModel, isPatient));
        }
        terminal.note("next:");
        boolean isUsual = lastIsBest && folder.path().equals(RunOptions.USUAL_FOLDER);
        Path sampled = lastIsBest ? folder.path() : bestModel;
        terminal.note(INDENT + ResumeCommand.program() + " sample"
                + (isUsual ? "" : " --checkpoint " + Format.quotedForShell(sampled.toString())));
        if (verdict.kind().compareTo(Verdict.Kind.FALLING) > 0) {
            return; // more steps of this run would not help
        }
        if (step < steps) {
            terminal.note("to train on without --patience:");
            terminal.note(INDENT + trainOnCommand);
        } else if (steps <= Integer.MAX_VALUE / 2) {
            terminal.note(INDENT + trainOnCommand + " --steps " + 2 * steps + " --extend");
        }
    }

    /**
     * Says how the loss went so far; nothing without a step.
     *
     * @param curve the curve of the loss; empty for none
     */
    void printLosses(String curve) {
        if (losses.lastStep() == 0) {
            return;
        }
        double lowest = losses.lowestLoss();
        terminal.note("training loss " + Format.loss(losses.recentLoss()) + " (mean of recent steps)"
                + (Double.isNaN(lowest) ? "" : ", lowest " + Format.loss(lowest) + " at step " + losses.lowestStep()));
        if (!curve.isEmpty()) {
            terminal.note(curve);
        }
        if (last != null) {
            String former = best == null ? "" : ", best " + Format.loss(best.loss()) + " at step " + best.step();
            terminal.note("validation loss " + Format.loss(last.loss()) + " at step " + last.step()
                    + (last.equals(best) ? ", the best so far" : former));
        }
    }

    private String text(Verdict verdict, Path bestModel, boolean isPatient) {
        String since = " since step " + verdict.since();
        return "verdict: "
                + switch (verdict.kind()) {
                    case UNKNOWN -> "too few steps to tell whether the loss still falls";
                    case NOISY ->
                        "too noisy to tell whether the loss still falls; evaluations show it, with --val-fraction 0.1";
                    case FALLING -> "still falling; more steps will help";
                    case FLAT ->
                        "flat" + since
                                + "; a larger model, more data or another --learning-rate may help more"
                                + " than more steps";
                    case RISING -> "rising" + since + "; lower --learning-rate, or clip with --grad-clip 1";
                    case OVERFITTING ->
                        "overfitting" + since + "; use " + bestModel
                                + ", and next time more data, a smaller model"
                                + (isPatient ? " or --dropout 0.2" : ", --dropout 0.2 or --patience 3");
                };
    }
}
