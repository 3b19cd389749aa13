package dev.microgpt.cli.report;

import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills the template of the page with the metrics of a run. */
final class Page {
    /** The beginning of every page, which distinguishes it from other files. */
    static final String BEGINNING = "<!doctype html>\n<!-- the report of a run of microgpt -->\n";

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

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
        String css = resource("report.css");
        String js = resource("report.js");
        Summary summary = new Summary(history, charts.window());
        Map<String, String> values = new HashMap<>();
        values.put("css", css);
        values.put("css-hash", hash(css));
        values.put("js", js);
        values.put("js-hash", hash(js));
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
        values.put("steps", Tables.steps(history, charts.window()));
        values.put("step-stride", stride(history));
        values.put("window", Numbers.grouped(charts.window()));
        values.put("metrics-file", Html.escaped(metricsFile));
        return BEGINNING + filled(resource("report.html"), values);
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

    /** Replaces each {@code {{name}}} of the template by its value; values are not searched for names. */
    private static String filled(String template, Map<String, String> values) {
        StringBuilder html = new StringBuilder();
        int end = 0;
        for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, end)) {
            html.append(template, end, open);
            end = template.indexOf(CLOSE, open) + CLOSE.length();
            String name = template.substring(open + OPEN.length(), end - CLOSE.length());
            String value = values.get(name);
            if (value == null) {
                throw new IllegalStateException(
                        "report.html has the placeholder " + name + ", for which there is no value");
            }
            html.append(value);
        }
        return html.append(template, end, template.length()).toString();
    }

    /** Returns the hash by which the content security policy allows this style or script, and no other. */
    private static String hash(String text) {
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new NoSuchFileException(name, null, "missing in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
