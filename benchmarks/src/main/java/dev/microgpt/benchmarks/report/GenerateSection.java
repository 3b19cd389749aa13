package dev.microgpt.benchmarks.report;

import java.util.List;

/** Tokens a second, and how much of the memory's speed the weights took. */
final class GenerateSection implements Section {
    static final String GENERATE = "GenerateBenchmark";

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String markdown(Results results) {
        MarkdownTable table = new MarkdownTable(
                List.of("model", "kernels", "tokens/s", "weights read, GB/s", "of the memory read loop"));
        boolean any = false;
        for (String model : results.values(GENERATE, "model")) {
            any = true;
            row(table, results, model, "scalar", "scalar", "oneThread");
            row(table, results, model, "vector", "vector", "oneThread");
            row(table, results, model, "vector, 2 threads", "vectorTwoThreads", "twoThreads");
        }
        return any ? table.toString() : "";
    }

    private static void row(
            MarkdownTable table, Results results, String model, String label, String method, String memory) {
        Result result = results.find(GENERATE, method, "model", model);
        Measured read = PeakSection.gigabytes(results, memory);
        Measured bytes = result == null ? null : result.secondary().get("weightBytes");
        table.cell(model).cell(label).cell(result == null ? null : result.score());
        table.cell(bytes == null ? null : bytes.times(1e-9));
        table.cell(bytes == null || read == null ? null : Figures.percent(1e-9 * bytes.value() / read.value()));
        table.endRow();
    }
}
