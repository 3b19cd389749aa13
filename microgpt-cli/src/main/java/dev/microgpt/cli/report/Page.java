package dev.microgpt.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page: its template with what a run has to say. */
final class Page {
    /** What every page begins with, so that one can be told from other files. */
    static final String BEGINNING = "<!doctype html>\n<!-- the report of a run of microgpt -->\n";

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private Page() {}

    /**
     * Returns the page.
     *
     * @param history       the metrics of the run
     * @param configuration names and values of its settings
     * @param vocabSize     the number of tokens
     * @param metricsFile   what to call the file with all numbers
     */
    static String of(History history, Map<String, String> configuration, int vocabSize, String metricsFile)
            throws IOException {
        Charts charts = new Charts(history);
        List<Chart> drawn = charts.all(vocabSize);
        StringBuilder svg = new StringBuilder();
        for (Chart chart : drawn) {
            chart.appendTo(svg);
        }
        String css = resource("report.css");
        String js = resource("report.js");
        Summary summary = new Summary(history, charts.window());
        Map<String, String> values = new HashMap<>(); // only looked up
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
        StringBuilder html = new StringBuilder();
        if (charts.areThinned()) {
            html.append("<p class=\"note\">The curves have at most ").append(Numbers.grouped(Charts.MOST_POINTS));
            html.append(" points for ").append(Numbers.grouped(history.steps.size()));
            html.append(
                    " steps: of each short stretch the lowest and the highest, so that no peak is lost. All steps are in ");
            html.append(Html.escaped(metricsFile)).append(".</p>\n");
        }
        if (history.unreadableLines() > 0) {
            html.append("<p class=\"note\">Of ")
                    .append(Html.escaped(metricsFile))
                    .append(", ");
            html.append(Numbers.grouped(history.unreadableLines()));
            html.append(history.unreadableLines() == 1 ? " line is" : " lines are")
                    .append(" not metrics");
            html.append(" and left out here.</p>\n");
        }
        return html.toString();
    }

    private static String stride(History history) {
        int stride = Tables.stride(history.steps.size());
        return stride <= 1 ? "every step" : "one of " + Numbers.grouped(stride) + " steps";
    }

    /** Puts a value in the place of each {@code {{name}}} of the template, once: values are not looked into. */
    private static String filled(String template, Map<String, String> values) {
        StringBuilder html = new StringBuilder();
        int end = 0;
        for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, end)) {
            html.append(template, end, open);
            end = template.indexOf(CLOSE, open) + CLOSE.length();
            String name = template.substring(open + OPEN.length(), end - CLOSE.length());
            String value = values.get(name);
            if (value == null) {
                throw new IllegalStateException("report.html asks for " + name + ", which nobody gives");
            }
            html.append(value);
        }
        return html.append(template, end, template.length()).toString();
    }

    /** The hash by which the page allows its own style and script, and no other. */
    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return "'sha256-" + Base64.getEncoder().encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)))
                    + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new NoSuchFileException(name, null, "not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
