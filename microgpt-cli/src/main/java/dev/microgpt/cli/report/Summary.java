package dev.microgpt.cli.report;

import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.StepLine;

/** Summarizes a run in a sentence. */
final class Summary {
    private static final int DECIMALS = 4;

    private final History history;

    Summary(History history) {
        this.history = history;
    }

    String title() {
        return "microgpt: " + steps(history.lastStep()) + " of training";
    }

    String text() {
        Curve losses = Curve.of("", Curve.EACH, history.steps, StepLine::loss);
        EvaluationLine best = history.best();
        if (losses.size() == 0 && best == null) {
            return "There are no metrics yet.";
        }
        StringBuilder text = new StringBuilder("After ").append(steps(history.lastStep()));
        if (losses.size() > 0) {
            text.append(", the training loss is ");
            text.append(Numbers.fixed(losses.means().values()[losses.size() - 1], DECIMALS));
            text.append(" (mean of recent steps)");
        }
        if (best != null) {
            EvaluationLine last = history.evaluations.get(history.evaluations.size() - 1);
            text.append(losses.size() > 0 ? " and the validation loss is " : ", the validation loss is ");
            text.append(at(last));
            text.append(last.equals(best) ? ", the best so far" : "; the best was " + at(best));
        }
        return text.append('.').toString();
    }

    private static String at(EvaluationLine evaluation) {
        return Numbers.fixed(evaluation.loss(), DECIMALS) + " at step " + Numbers.grouped(evaluation.step());
    }

    private static String steps(int count) {
        return count == 1 ? "1 step" : Numbers.grouped(count) + " steps";
    }
}
