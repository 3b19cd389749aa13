package dev.microgpt.benchmarks.report;

import dev.microgpt.benchmarks.report.FigureTable.Row;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results next to the documented figures of the same rows, as tables: theirs, mine, the unit and the ratio. */
final class Comparison {
    private static final String NONE = "–";

    /** A unit at the end of a label or of the name of a column, such as {@code , µs a step}. */
    private static final Pattern UNIT =
            Pattern.compile("(?:^|, )(?:GFLOP/s|GB/s|µs|ms|ns|bytes|tokens/s|steps/s)(?: .*)?$");

    private final MarkedDocument document;
    private final StringBuilder text = new StringBuilder();
    private int compared;

    private Comparison(MarkedDocument document) {
        this.document = document;
    }

    /** Compares everything that was measured; sections of which nothing was measured are named. */
    static String of(MarkedDocument document, List<Results> runs) throws IOException {
        Comparison comparison = new Comparison(document);
        for (Map.Entry<String, String> section : Tables.descriptions().entrySet()) {
            boolean measured = false;
            for (Results results : runs) {
                measured |= comparison.add(section.getKey(), section.getValue(), results);
            }
            if (!measured) {
                comparison.text.append("\n" + section.getKey() + ": nothing was measured\n");
            }
        }
        return comparison.text
                + "\n" + comparison.compared
                + " figures compared. mine / theirs: of GFLOP/s, GB/s, tokens/s and steps/s, above"
                + " 1 is faster; of times, above 1 is slower.\n";
    }

    private boolean add(String section, String description, Results results) {
        List<Row> mine = FigureTable.rows(Tables.fill(section, description, results, false));
        List<Row> units = FigureTable.rows(Tables.fill(section, description, results, true));
        Map<String, List<Row>> documented = byJdk(document.part(section));
        String jdk = closest(documented, results.jdk());
        if (!mine.isEmpty()) {
            text.append("\n" + section + ", JDK " + jdk + " (theirs) and " + results.jdk() + " (mine)\n\n")
                    .append("| row | column | theirs | mine | unit | mine / theirs |\n")
                    .append("| --- | --- | --- | --- | --- | --- |\n");
        }
        for (int i = 0; i < mine.size(); i++) {
            add(mine.get(i), units.get(i).cells(), documented.getOrDefault(jdk, List.of()));
        }
        return !mine.isEmpty();
    }

    private void add(Row mine, List<String> units, List<Row> documented) {
        int labels = 0;
        while (labels < units.size() && !Tables.isUnit(units.get(labels))) {
            labels++;
        }
        Row theirs = find(mine, labels, documented);
        for (int i = labels; i < units.size(); i++) {
            String figure = mine.cells().get(i);
            String unit = Tables.unitIn(units.get(i));
            if (unit.isEmpty() || figure.equals(NONE)) {
                continue;
            }
            String other = theirs == null || i >= theirs.cells().size()
                    ? NONE
                    : theirs.cells().get(i);
            String row =
                    mine.labels(labels).stream().map(Comparison::withoutUnit).collect(Collectors.joining(" "));
            String ratio = Figures.ratio(number(figure) / number(other));
            text.append("| " + row + " | " + withoutUnit(mine.header().get(i)) + " | " + other + " | " + figure + " | "
                    + unit + " | " + ratio + " |\n");
            compared++;
        }
    }

    private static String withoutUnit(String name) {
        String rest = UNIT.matcher(name).replaceFirst("");
        return rest.isEmpty() ? name : rest;
    }

    private static @Nullable Row find(Row mine, int labels, List<Row> documented) {
        for (Row row : documented) {
            if (row.header().equals(mine.header()) && row.labels(labels).equals(mine.labels(labels))) {
                return row;
            }
        }
        return null;
    }

    /** Reads {@code 1,259 ± 124}; NaN if it is a dash. */
    private static double number(String figure) {
        String value = figure.replaceFirst(" ±.*", "").replace(",", "");
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    /** Splits a section at its lines {@code JDK 17.0.15:}. */
    private static Map<String, List<Row>> byJdk(String section) {
        Map<String, List<Row>> byJdk = new LinkedHashMap<>();
        for (String part : section.split("(?m)^JDK ")) {
            int end = part.indexOf(":\n");
            if (end > 0) {
                byJdk.put(part.substring(0, end), FigureTable.rows(part.substring(end)));
            }
        }
        return byJdk;
    }

    /** Returns the documented JDK with the same feature version, otherwise the last one. */
    private static String closest(Map<String, List<Row>> documented, String jdk) {
        String last = "none";
        for (String version : documented.keySet()) {
            last = version;
            if (version.replaceFirst("\\..*", "").equals(jdk.replaceFirst("\\..*", ""))) {
                return version;
            }
        }
        return last;
    }
}
