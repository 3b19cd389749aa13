package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Html;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.StepLine;
import java.util.List;
import java.util.Map;

/** The rows of the tables: configuration, evaluations and steps. */
final class Tables {
    private static final int LOSS_DECIMALS = 4;
    private static final int SIGNIFICANT = 4;
    private static final int MOST_STEPS = 200;

    private Tables() {}

    static String configuration(Map<String, String> entries) {
        Html html = new Html();
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            row(html, entry.getKey(), entry.getValue());
        }
        return html.toString();
    }

    /** Returns all evaluations, thinned to the number of points of a curve. */
    static String evaluations(History history) {
        Html html = new Html();
        List<EvaluationLine> evaluations = history.evaluations;
        double[] losses = Curve.of("", Curve.VALIDATION, evaluations, EvaluationLine::loss)
                .values();
        EvaluationLine best = history.best();
        for (int i : Thinning.indices(losses, Charts.MOST_POINTS)) {
            EvaluationLine evaluation = evaluations.get(i);
            row(
                    html,
                    Numbers.grouped(evaluation.step()),
                    Numbers.fixed(evaluation.loss(), LOSS_DECIMALS) + (evaluation.equals(best) ? " (best)" : ""),
                    Numbers.significant(evaluation.perplexity(), SIGNIFICANT),
                    Numbers.fixed(evaluation.bitsPerToken(), LOSS_DECIMALS),
                    Numbers.fixed(evaluation.bitsPerByte(), LOSS_DECIMALS));
        }
        return html.toString();
    }

    /** Returns one step in {@link #stride}, about two hundred, and the last one. */
    static String steps(History history) {
        Html html = new Html();
        Curve losses = Curve.of("", Curve.EACH, history.steps, StepLine::loss);
        double[] means = losses.means().values();
        int count = losses.size();
        int stride = stride(count);
        for (int i = 0; i < count; i++) {
            if (i % stride == 0 || i == count - 1) {
                StepLine step = history.steps.get(i); // each has a loss
                row(
                        html,
                        Numbers.grouped(step.step()),
                        Numbers.fixed(step.loss(), LOSS_DECIMALS),
                        Numbers.fixed(means[i], LOSS_DECIMALS),
                        Numbers.significant(step.learningRate(), SIGNIFICANT),
                        Numbers.significant(step.gradientNorm(), SIGNIFICANT),
                        Numbers.significant(step.tokensPerSecond(), SIGNIFICANT));
            }
        }
        return html.toString();
    }

    /** Returns the distance between two steps in the table. */
    static int stride(int steps) {
        return (steps + MOST_STEPS - 1) / MOST_STEPS;
    }

    private static void row(Html html, String heading, String... cells) {
        html.open("tr").element("th", heading, "scope", "row");
        for (String cell : cells) {
            html.element("td", cell);
        }
        html.close("tr").newLine();
    }
}
