package dev.microgpt.cli.run;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.BestModel;
import java.io.IOException;
import java.nio.file.Path;

/** Evaluates the models of a training run, and shows how the best one compares with the last. */
final class RunEvaluations {
    private final Terminal terminal;
    private final TrainingConfig config;
    private final int batches;
    private final RunListeners listeners;
    private final LossHistory losses;
    private final Path file;
    private final BestModel best;
    private final Evaluator evaluator;

    /**
     * @param evaluator evaluates the model in training
     * @param listeners are notified of the best model, too, if it is evaluated again at the end
     * @param losses    takes the evaluations, as far as they can be compared
     */
    RunEvaluations(
            Terminal terminal,
            RunFolder folder,
            TrainingConfig config,
            RunOptions options,
            LanguageModel model,
            Evaluator evaluator,
            RunListeners listeners,
            LossHistory losses) {
        this.terminal = terminal;
        this.config = config;
        batches = options.evalSteps == 0 ? Integer.MAX_VALUE : options.evalSteps;
        this.listeners = listeners;
        this.losses = losses;
        this.evaluator = evaluator;
        file = folder.checkpoints().best();
        best = new BestModel(model, evaluator, file, batches, config.seed());
        evaluator.addListener(listeners);
    }

    /** Resumes after a step, with the lowest loss of all evaluations after earlier steps. */
    void resumeAt(int step, double bestLoss) throws IOException {
        best.resumeAt(step, bestLoss);
        warnOfDamage();
    }

    /** Evaluates the model after a step; returns whether it is the best one. */
    boolean isBest(int step) throws IOException {
        if (step == config.steps()) {
            return isBestAtEnd(step);
        }
        Evaluation evaluation = best.evaluate(step);
        losses.onEvaluation(evaluation);
        return evaluation.best();
    }

    /** Evaluates the model after the last step, and the best one of earlier steps on the same batches. */
    boolean isBestAtEnd(int step) throws IOException {
        int all = evaluator.batches();
        boolean sameBatches = Math.min(lastBatches(step), all) == Math.min(batches, all);
        if (step < config.steps() && sameBatches) {
            return false; // patience is over because of this very evaluation
        }
        double bestLoss = evaluator.bestLoss();
        Evaluation last = best.evaluateLast(step, lastBatches(step));
        warnOfDamage();
        Evaluation former = best.former();
        if (sameBatches || bestLoss == Double.POSITIVE_INFINITY) {
            losses.onEvaluation(last);
        } else if (former != null) { // both are of other batches than before, but their difference can be compared
            double loss = bestLoss + last.loss() - former.loss();
            losses.onEvaluation(new Evaluation(step, loss, last.tokens(), last.bytes(), last.best()));
            if (!last.best()) {
                listeners.onEvaluation(former);
            }
        }
        return last.best();
    }

    /**
     * The last evaluation uses at least as many batches as training did, which is usually the whole validation split.
     */
    private int lastBatches(int step) {
        long trained = (long) step * config.gradientAccumulationSteps();
        return (int) Math.max(batches, Math.min(trained, Integer.MAX_VALUE));
    }

    private void warnOfDamage() {
        IOException damage = best.damage();
        if (damage != null) {
            terminal.complain("microgpt: warning: skipping " + file + ": " + damage.getMessage());
        }
    }
}
