package dev.microgpt.benchmarks.report;

import java.util.List;

/** Causal attention as one operation and put together from several. */
final class AttentionSection implements Section {
    private static final String ATTENTION = "AttentionBenchmark";

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public String markdown(Results results) {
        MarkdownTable table = new MarkdownTable(List.of(
                "sequences×heads×length×d",
                "kernels",
                "one operation, µs",
                "composed, µs",
                "composed / one operation"));
        boolean any = false;
        for (String shape : results.values(ATTENTION, "shape")) {
            any = true;
            row(table, results, shape, "scalar", "Scalar");
            row(table, results, shape, "vector", "Vector");
            row(table, results, shape, "vector, 2 threads", "VectorTwoThreads");
        }
        return any ? table.toString() : "";
    }

    private static void row(MarkdownTable table, Results results, String shape, String kernels, String form) {
        Measured fused = results.nanos(ATTENTION, "fused" + form, "shape", shape);
        Measured composed = results.nanos(ATTENTION, "composed" + form, "shape", shape);
        table.cell(shape.replace('x', '×')).cell(kernels);
        table.cell(fused == null ? null : fused.times(1e-3));
        table.cell(composed == null ? null : composed.times(1e-3));
        table.ratio(composed, fused).endRow();
    }
}
