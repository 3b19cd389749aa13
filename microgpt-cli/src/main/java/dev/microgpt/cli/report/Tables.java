package dev.microgpt.cli.report;

import java.util.List;
import java.util.Map;

/** The configuration and the numbers of a run as tables. */
final class Tables {
    private static final int LOSS_DECIMALS = 4;
    private static final int SIGNIFICANT = 4;
    private static final int MOST_STEPS = 200;

    private Tables() {}

    static String configuration(Map<String, String> entries) {
        StringBuilder html = new StringBuilder();
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            html.append("<tr><th scope=\"row\">")
                    .append(Html.escaped(entry.getKey()))
                    .append("</th><td>");
            html.append(Html.escaped(entry.getValue())).append("</td></tr>\n");
        }
        return html.toString();
    }

    /** All evaluations, or as many as a curve has points. */
    static String evaluations(History history) {
        StringBuilder html = new StringBuilder();
        List<EvaluationLine> evaluations = history.evaluations;
        double[] losses = Curve.of("", evaluations).values();
        EvaluationLine best = history.best();
        for (int i : Thinning.indices(losses, Charts.MOST_POINTS)) {
            EvaluationLine evaluation = evaluations.get(i);
            html.append("<tr><th scope=\"row\">")
                    .append(Numbers.grouped(evaluation.step()))
                    .append("</th>");
            cell(html, Numbers.fixed(evaluation.loss(), LOSS_DECIMALS) + (evaluation.equals(best) ? " (best)" : ""));
            cell(html, Numbers.significant(evaluation.perplexity(), SIGNIFICANT));
            cell(html, Numbers.fixed(evaluation.bitsPerToken(), LOSS_DECIMALS));
            cell(html, Numbers.fixed(evaluation.bitsPerByte(), LOSS_DECIMALS));
            html.append("</tr>\n");
        }
        return html.toString();
    }

    /** Every so many steps, so that there are about two hundred rows, and the last one. */
    static String steps(History history, int window) {
        StringBuilder html = new StringBuilder();
        Curve losses = Curve.of("", history.steps, history.losses);
        int count = losses.size();
        int stride = stride(count);
        for (int i = 0; i < count; i++) {
            if (i % stride != 0 && i != count - 1) {
                continue;
            }
            html.append("<tr><th scope=\"row\">")
                    .append(Numbers.grouped((long) losses.steps()[i]))
                    .append("</th>");
            cell(html, Numbers.fixed(losses.values()[i], LOSS_DECIMALS));
            cell(html, Numbers.fixed(losses.meanAt(i, window), LOSS_DECIMALS));
            cell(html, Numbers.significant(history.learningRates.get(i), SIGNIFICANT));
            cell(html, Numbers.significant(history.gradientNorms.get(i), SIGNIFICANT));
            cell(html, Numbers.significant(history.tokensPerSecond.get(i), SIGNIFICANT));
            html.append("</tr>\n");
        }
        return html.toString();
    }

    /** Of how many steps the table has one. */
    static int stride(int steps) {
        return (steps + MOST_STEPS - 1) / MOST_STEPS;
    }

    private static void cell(StringBuilder html, String text) {
        html.append("<td>").append(text).append("</td>");
    }
}
