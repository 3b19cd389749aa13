package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Html;
import dev.microgpt.cli.page.Template;
import dev.microgpt.train.internal.metrics.History;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills the template of the page with the metrics of a run. */
final class Page {
    /** The beginning of every page, which distinguishes it from other files. */
    static final String BEGINNING = "<!doctype html>\n<!-- the report of a run of microgpt -->\n";

    private Page() {}

    /**
     * Returns the page.
     *
     * @param history       the metrics of the run
     * @param configuration the names and values of its settings
     * @param vocabSize     the number of tokens
     * @param metricsFile   the name of the file with all numbers
     */
    static String of(History history, Map<String, String> configuration, int vocabSize, String metricsFile)
            throws IOException {
        Charts charts = new Charts(history);
        List<Chart> drawn = charts.all(vocabSize);
        Html svg = new Html();
        for (Chart chart : drawn) {
            chart.appendTo(svg);
        }
        Template template = new Template(Page.class);
        Summary summary = new Summary(history);
        Map<String, String> values = new HashMap<>();
        template.putStyle(values, Template.COLORS, "report.css");
        template.putScript(values, "report.js");
        values.put("title", Html.escaped(summary.title()));
        values.put("summary", Html.escaped(summary.text()));
        values.put("notes", notes(history, charts, metricsFile));
        values.put("charts", svg.toString());
        values.put("data", ChartData.of(drawn));
        values.put("vocab-size", Numbers.grouped(vocabSize));
        values.put("guessing", Numbers.fixed(StrictMath.log(vocabSize), 2));
        values.put("samples", SampleList.of(history, metricsFile));
        values.put("configuration", Tables.configuration(configuration));
        values.put("evaluations", Tables.evaluations(history));
        values.put("evaluation-count", Numbers.grouped(history.evaluations.size()));
        values.put("steps", Tables.steps(history));
        values.put("step-stride", stride(history));
        values.put("metrics-file", Html.escaped(metricsFile));
        return BEGINNING + template.filled("report.html", values);
    }

    private static String notes(History history, Charts charts, String metricsFile) {
        Html html = new Html();
        if (charts.areThinned()) {
            String text = "The curves have at most " + Numbers.grouped(Charts.MOST_POINTS) + " points for "
                    + Numbers.grouped(history.steps.size()) + " steps: the lowest and the highest value of each short"
                    + " interval, so that no peak is lost. All steps are in " + metricsFile + ".";
            html.element("p", text, "class", "note").newLine();
        }
        if (history.unreadableLines() > 0) {
            boolean one = history.unreadableLines() == 1;
            String text = Numbers.grouped(history.unreadableLines())
                    + (one ? " line of " : " lines of ")
                    + metricsFile
                    + (one ? " is not metrics and is left out here." : " are not metrics and are left out here.");
            html.element("p", text, "class", "note").newLine();
        }
        return html.toString();
    }

    private static String stride(History history) {
        int stride = Tables.stride(history.steps.size());
        return stride <= 1 ? "every step" : "one in " + Numbers.grouped(stride) + " steps";
    }
}
