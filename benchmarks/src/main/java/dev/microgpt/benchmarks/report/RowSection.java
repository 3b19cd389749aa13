package dev.microgpt.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** Operations that are not products. */
final class RowSection implements Section {
    private static final String ROW = "RowBenchmark";

    @Override
    public String name() {
        return "rows";
    }

    @Override
    public String markdown(Results results) {
        MarkdownTable table = new MarkdownTable(List.of(
                "operation",
                "rows×columns",
                "scalar, µs",
                "vector, µs",
                "scalar, ns an element",
                "vector, ns an element",
                "scalar / vector"));
        boolean any = false;
        for (String operation : results.values(ROW, "operation")) {
            any = true;
            row(table, results, operation);
        }
        return any ? table.toString() : "";
    }

    private static void row(MarkdownTable table, Results results, String operation) {
        Measured scalar = results.nanos(ROW, "scalar", "operation", operation);
        Measured vector = results.nanos(ROW, "vector", "operation", operation);
        String[] parts = operation.split(":");
        double elements = MatmulSection.multiplyAdds(parts[1]); // here rows · columns
        table.cell(parts[0].toLowerCase(Locale.ROOT).replace('_', ' ')).cell(parts[1].replace('x', '×'));
        table.cell(scalar == null ? null : scalar.times(1e-3));
        table.cell(vector == null ? null : vector.times(1e-3));
        table.cell(scalar == null ? null : Figures.three(scalar.value() / elements));
        table.cell(vector == null ? null : Figures.three(vector.value() / elements));
        table.ratio(scalar, vector).endRow();
    }
}
