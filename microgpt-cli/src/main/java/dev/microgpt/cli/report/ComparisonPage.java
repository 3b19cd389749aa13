package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Html;
import dev.microgpt.cli.page.Template;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.sweep.ComparedRun;
import dev.microgpt.train.sweep.Comparison;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** One HTML page of several runs: their curves, with a band for the seeds, what differs, and all numbers. */
public final class ComparisonPage {
    private static final String BEGINNING = "<!doctype html>\n<!-- a comparison of runs of microgpt -->\n";

    /** The numbers of colors and of dashes in compare.css. */
    private static final int COLORS = 8;

    private static final int DASHES = 3;
    private static final int MOST_GROUPS = COLORS * DASHES;

    private final Comparison comparison;
    private final List<History> histories = new ArrayList<>();

    private ComparisonPage(Comparison comparison) throws IOException {
        this.comparison = comparison;
        for (ComparedRun run : comparison.runs()) {
            histories.add(Files.exists(run.metrics()) ? new MetricsReader(run.metrics()).read() : new History());
        }
    }

    /**
     * Refuses to replace a file that is not such a page.
     *
     * @throws FileSystemException if the file exists and is something else
     */
    public static void checkReplaceable(Path page) throws IOException {
        Template.checkReplaceable(
                page, BEGINNING, "it already exists and is not a comparison of runs; move it, or choose another --out");
    }

    /** Returns the page, which needs no other file. */
    public static String of(Comparison comparison) throws IOException {
        return new ComparisonPage(comparison).html();
    }

    private String html() throws IOException {
        List<Chart> drawn = charts();
        List<Chart> readable = new ArrayList<>();
        Html svg = new Html();
        for (Chart chart : drawn) {
            chart.appendTo(svg);
            readable.add(chart.withoutAreas());
        }
        Template template = new Template(ComparisonPage.class);
        Map<String, String> values = new HashMap<>();
        template.putStyle(values, Template.COLORS, "report.css", "compare.css");
        template.putScript(values, "report.js");
        int runs = comparison.runs().size();
        values.put("title", "microgpt: " + runs + (runs == 1 ? " run" : " runs"));
        values.put("summary", Html.escaped(summary()));
        values.put("charts", svg.toString());
        values.put("data", ChartData.of(readable));
        values.put("groups", groups());
        values.put("runs", runs());
        values.put("evaluations", evaluations());
        values.put("settings", Tables.configuration(common()));
        return BEGINNING + template.filled("compare.html", values);
    }

    private String summary() {
        List<String> differing = comparison.differing();
        StringBuilder text = new StringBuilder(
                differing.isEmpty()
                        ? "All settings are the same."
                        : "What differs: " + String.join(", ", differing) + ".");
        ComparedRun best = null;
        for (ComparedRun run : comparison.runs()) {
            if (Double.isFinite(run.bestLoss()) && (best == null || run.bestLoss() < best.bestLoss())) {
                best = run;
            }
        }
        if (best != null) {
            text.append(" The lowest validation loss is ").append(number(best.bestLoss()));
            text.append(", of ").append(best.name()).append('.');
        }
        if (comparison.groups().size() > MOST_GROUPS) {
            text.append(" The curves are those of the first ")
                    .append(MOST_GROUPS)
                    .append(" of ");
            text.append(comparison.groups().size()).append(" settings.");
        }
        return text.toString();
    }

    private List<Chart> charts() {
        List<Chart> charts = new ArrayList<>();
        add(charts, "loss", "Training loss (nats per token, mean of recent steps)", history -> {
            Curve losses = Curve.of("", Curve.EACH, history.steps, line -> line.loss());
            return losses.means();
        });
        add(charts, "validation", "Validation loss (nats per token)", evaluations(EvaluationLine::loss));
        add(charts, "bits", "Bits per byte", evaluations(EvaluationLine::bitsPerByte));
        return charts;
    }

    private static Curves evaluations(ToDoubleFunction<EvaluationLine> value) {
        return history -> Curve.of("", Curve.STRONG, history.evaluations, value);
    }

    /** The curve of a run. */
    @FunctionalInterface
    private interface Curves {
        Curve of(History history);
    }

    private void add(List<Chart> charts, String id, String title, Curves curves) {
        List<Curve> lines = new ArrayList<>();
        List<Curve> bands = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double last = 1;
        for (int i = 0; i < Math.min(MOST_GROUPS, comparison.groups().size()); i++) {
            Comparison.Group group = comparison.groups().get(i);
            SeedCurves seeds = new SeedCurves();
            for (ComparedRun run : group.runs()) {
                seeds.add(curves.of(histories.get(comparison.runs().indexOf(run))));
            }
            Curve mean = seeds.mean(name(group), style(i));
            if (mean.size() > 0) {
                lines.add(mean);
                Curve band = seeds.band("band " + style(i));
                if (group.runs().size() > 1) {
                    bands.add(band);
                }
                low = Math.min(low, band.lowest());
                high = Math.max(high, band.highest());
                last = Math.max(last, mean.steps()[mean.size() - 1]);
            }
        }
        if (!lines.isEmpty()) {
            List<Curve> all = new ArrayList<>(bands);
            all.addAll(lines);
            charts.add(new Chart(id, title, 300, Axis.ofSteps(0, last, 5), Axis.around(low, high, 5), all, null));
        }
    }

    private static String style(int group) {
        return "g" + group % COLORS + " d" + (group + group / COLORS * 2) % DASHES;
    }

    /** Names a group by what distinguishes it. */
    private String name(Comparison.Group group) {
        List<String> parts = new ArrayList<>();
        for (String setting : comparison.differing()) {
            if (!setting.equals(Comparison.SEED)) {
                parts.add(setting + " " + Comparison.value(group.runs().get(0), setting));
            }
        }
        if (parts.isEmpty()) {
            return group.runs().size() == 1 ? group.runs().get(0).name() : "all runs";
        }
        return String.join(", ", parts);
    }

    private static String number(double number) {
        return Double.isFinite(number) ? JsonWriter.text(number) : "\u2013";
    }

    /** Returns the table of the groups, which is the legend, too: mean, lowest and highest of the seeds. */
    private String groups() {
        Html html = new Html();
        html.open("thead").open("tr").element("th", "Settings", "scope", "col");
        for (String heading : List.of("Runs", "Validation loss: mean", "lowest", "highest", "Bits per byte: mean")) {
            html.element("th", heading, "scope", "col");
        }
        html.close("tr").close("thead").newLine().open("tbody").newLine();
        int i = 0;
        for (Comparison.Group group : comparison.groups()) {
            html.open("tr").open("th", "scope", "row");
            if (i < MOST_GROUPS) {
                html.open("svg", "class", "swatch", "width", 28, "height", 12, "aria-hidden", "true");
                html.empty("path", "class", style(i), "d", "M1 6 27 6").close("svg");
            }
            html.text(name(group)).close("th");
            List<Double> losses = values(group, ComparedRun::validationLoss);
            html.element("td", Integer.toString(group.runs().size()));
            html.element("td", mean(losses));
            html.element("td", number(losses.stream().mapToDouble(x -> x).min().orElse(Double.NaN)));
            html.element("td", number(losses.stream().mapToDouble(x -> x).max().orElse(Double.NaN)));
            html.element("td", mean(values(group, ComparedRun::bitsPerByte)));
            html.close("tr").newLine();
            i++;
        }
        return html.close("tbody").toString();
    }

    /** Returns the values of a group; none if a run lacks it, because a mean would be that of fewer seeds. */
    private static List<Double> values(Comparison.Group group, ToDoubleFunction<ComparedRun> value) {
        List<Double> values = new ArrayList<>();
        for (ComparedRun run : group.runs()) {
            if (!Double.isFinite(value.applyAsDouble(run))) {
                return List.of();
            }
            values.add(value.applyAsDouble(run));
        }
        return values;
    }

    private static String mean(List<Double> values) {
        return Numbers.fixed(values.stream().mapToDouble(x -> x).average().orElse(Double.NaN), 4);
    }

    private String runs() {
        Html html = new Html();
        html.open("thead").open("tr").element("th", "Run", "scope", "col");
        List<String> headings = new ArrayList<>(comparison.differing());
        headings.addAll(List.of(
                "Steps done",
                "Training loss of the last step",
                "Last validation loss",
                "Best validation loss",
                "Bits per byte",
                "Seconds",
                "Tokens per second",
                "State"));
        headings.forEach(heading -> html.element("th", heading, "scope", "col"));
        html.close("tr").close("thead").newLine().open("tbody").newLine();
        for (ComparedRun run : comparison.runs()) {
            html.open("tr").element("th", run.name(), "scope", "row");
            comparison.differing().forEach(setting -> html.element("td", Comparison.value(run, setting)));
            html.element("td", Integer.toString(run.steps()));
            for (double number : new double[] {run.loss(), run.validationLoss(), run.bestLoss(), run.bitsPerByte()}) {
                html.element("td", number(number));
            }
            html.element("td", Numbers.fixed(run.seconds(), 1));
            html.element("td", Numbers.fixed(run.tokensPerSecond(), 0));
            String why = run.end().message().isEmpty() ? "" : ": " + run.end().message();
            html.element("td", run.end().state() + why);
            html.close("tr").newLine();
        }
        return html.close("tbody").toString();
    }

    /** Returns the evaluations of all runs, of at most as many steps as a curve has points. */
    private String evaluations() {
        Html html = new Html();
        for (int i = 0; i < histories.size(); i++) {
            List<EvaluationLine> lines = histories.get(i).evaluations;
            for (EvaluationLine line :
                    lines.subList(Math.max(0, lines.size() - SeedCurves.MOST_POINTS), lines.size())) {
                html.open("tr").element("th", comparison.runs().get(i).name(), "scope", "row");
                html.element("td", Integer.toString(line.step()));
                html.element("td", number(line.loss()));
                html.element("td", number(line.bitsPerByte()));
                html.close("tr").newLine();
            }
        }
        return html.toString();
    }

    /** Returns the settings that are the same in all runs. */
    private Map<String, String> common() {
        Map<String, String> common = new TreeMap<>();
        ComparedRun first = comparison.runs().get(0);
        for (Map.Entry<String, String> setting : first.settings().entrySet()) {
            boolean same = true;
            for (ComparedRun run : comparison.runs()) {
                same &= setting.getValue().equals(run.settings().get(setting.getKey()));
            }
            if (same) {
                common.put(setting.getKey(), setting.getValue());
            }
        }
        return common;
    }
}
