package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fills in the tables that the resource {@code tables.md} describes, section by section.
 *
 * <p>Below {@code # section} and the headings, {@code for Benchmark param param:} begins a group of lines that is
 * repeated for all values of the parameters, the first of which changes slowest. It is left out if nothing was measured
 * of the benchmark, or of all benchmarks where several are named. Braces are replaced:
 *
 * <ul>
 *   <li>{@code {kind}} by a parameter. {@code {operation name}}, {@code {operation value}} and {@code {operation
 *       sizes}} are {@code rms norm}, {@code 768x128} and {@code 768×128} of {@code RMS_NORM:768x128};
 *   <li>{@code {method unit}} or {@code {OtherBenchmark.method unit}} by a figure with its error, see {@link
 *       Result#in}; a third word, {@code only}, leaves out the error, {@code best} or {@code median} takes that;
 *   <li>{@code {a / b}} by a ratio and {@code {a of b}} by a percentage of two figures, in nanoseconds without units.
 * </ul>
 */
final class Tables {
    private static final Pattern EXPRESSION = Pattern.compile("\\{([^}]+)}");

    /** Begins a unit that takes the place of a figure, in which no label begins. */
    private static final String UNIT = "unit:";

    private Tables() {}

    /** Returns the descriptions by the names of the sections. */
    static Map<String, String> descriptions() throws IOException {
        Map<String, String> descriptions = new LinkedHashMap<>();
        try (InputStream in = Tables.class.getResourceAsStream("tables.md")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String section : text.substring(2).split("\n+# ")) {
                int end = section.indexOf('\n');
                descriptions.put(section.substring(0, end), section.substring(end + 1));
            }
        }
        return descriptions;
    }

    /**
     * Fills in the tables of a section, empty if nothing of it was measured.
     *
     * @param units whether to write the unit of each figure instead of the figure, see {@link #unitIn}
     */
    static String fill(String section, String description, Results results, boolean units) {
        List<String> tables = new ArrayList<>();
        for (String table : description.split("\n\n")) {
            String filled = table(table.strip() + "\n", results, units);
            if (!filled.isEmpty()) {
                tables.add(filled);
            }
        }
        if (section.equals("matmul") && !units) {
            tables.add(geometricMean(results));
        }
        String text = String.join("\n", tables);
        return text.isBlank() ? "" : text;
    }

    /** Returns whether a cell holds a unit instead of a figure. */
    static boolean isUnit(String cell) {
        return cell.startsWith(UNIT);
    }

    /** Returns the unit in a cell: empty for a ratio or a percentage, and for a cell without a figure. */
    static String unitIn(String cell) {
        return isUnit(cell) ? cell.substring(UNIT.length()) : "";
    }

    private static String table(String description, Results results, boolean units) {
        String[] groups = description.split("(?m)^for ");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i < groups.length; i++) {
            int end = groups[i].indexOf(":\n");
            String[] words = groups[i].substring(0, end).split(" ");
            String[] benchmarks = words[0].split(",");
            if (Stream.of(benchmarks).anyMatch(results::has)) {
                for (Map<String, String> params : combinations(results, benchmarks[0], words)) {
                    Line line = new Line(results, benchmarks[0], params);
                    lines.append(EXPRESSION
                            .matcher(groups[i].substring(end + 2))
                            .replaceAll(match -> Matcher.quoteReplacement(line.evaluate(match.group(1), units))));
                }
            }
        }
        return lines.isEmpty() ? "" : groups[0] + lines;
    }

    /** All combinations of the values of the parameters that are named by all words but the first. */
    private static List<Map<String, String>> combinations(Results results, String benchmark, String... words) {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (int i = 1; i < words.length; i++) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> combination : combinations) {
                for (String value : results.values(benchmark, words[i])) {
                    Map<String, String> next = new HashMap<>(combination);
                    next.put(words[i], value);
                    longer.add(next);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private static String geometricMean(Results results) {
        double sum = 0;
        int products = 0;
        for (Map<String, String> params : combinations(results, "MatmulBenchmark", "", "shape", "kind")) {
            double ratio =
                    new Line(results, "MatmulBenchmark", params).quotient("vector rate", "OpenBlas.product rate");
            if (!Double.isNaN(ratio)) {
                sum += Math.log(ratio);
                products++;
            }
        }
        String mean = Figures.ratio(Math.exp(sum / products));
        return products == 0
                ? ""
                : "Geometric mean of vector / OpenBLAS from C over " + products + " products: " + mean + ".\n";
    }

    /** What a line is about. */
    private record Line(Results results, String benchmark, Map<String, String> params) {
        String evaluate(String expression, boolean units) {
            String[] operands = expression.split(" / | of ");
            if (operands.length == 2) {
                if (units) {
                    return UNIT;
                }
                double quotient = quotient(operands[0], operands[1]);
                return expression.contains(" of ") ? Figures.percent(quotient) : Figures.ratio(quotient);
            }
            String[] words = expression.split(" ");
            if (params.containsKey(words[0])) {
                return words.length == 1 ? params.get(words[0]) : param(params.get(words[0]), words[1]);
            }
            if (units) {
                return UNIT + Result.nameOf(words.length == 1 ? "ns" : words[1], method(words[0]));
            }
            Measured figure = figure(expression);
            return expression.endsWith(" only") ? Figures.three(figure.value()) : figure.toString();
        }

        double quotient(String numerator, String denominator) {
            return figure(numerator).value() / figure(denominator).value();
        }

        private static String param(String value, String form) {
            int colon = value.indexOf(':');
            return switch (form) {
                case "name" ->
                    value.substring(0, colon).toLowerCase(Locale.ROOT).replace('_', ' ');
                case "value" -> value.substring(colon + 1);
                case "sizes" -> value.substring(colon + 1).replace('x', '×');
                default -> throw new IllegalArgumentException("a parameter has no form \"" + form + "\"");
            };
        }

        private Measured figure(String operand) {
            String[] words = operand.split(" ");
            Result.Statistic statistic = words.length < 3 || words[2].equals("only")
                    ? Result.Statistic.MEAN
                    : Result.Statistic.valueOf(words[2].toUpperCase(Locale.ROOT));
            return results.find(method(words[0]), params).in(words.length == 1 ? "ns" : words[1], statistic);
        }

        private String method(String name) {
            return name.contains(".") ? name : benchmark + "." + name;
        }
    }
}
