package dev.microgpt.benchmarks.report;

import java.util.List;

/** Training steps on the tape and written by hand. */
final class TrainStepSection implements Section {
    private static final String STEP = "TrainStepBenchmark";
    private static final String NANO_GPT = "NanoGptStepBenchmark";
    private static final List<String> FORMS = List.of("Scalar", "Vector", "VectorTwoThreads");

    @Override
    public String name() {
        return "train-step";
    }

    @Override
    public String markdown(Results results) {
        MarkdownTable table = new MarkdownTable(List.of("workload", "", "scalar", "vector", "vector, 2 threads"));
        boolean any = false;
        for (String workload : results.values(STEP, "workload")) {
            any = true;
            String[] params = {"workload", workload};
            row(table, workload + ", µs a step", "tape", results, STEP, "tape", params);
            row(table, "", "by hand", results, STEP, "handWritten", params);
            table.cell("").cell("tape / by hand");
            for (String form : FORMS) {
                table.ratio(
                        results.nanos(STEP, "tape" + form, params), results.nanos(STEP, "handWritten" + form, params));
            }
            table.endRow();
            bytes(table, results, STEP, params);
        }
        if (FORMS.stream().anyMatch(form -> results.find(NANO_GPT, "tape" + form) != null)) {
            any = true;
            row(table, "NANO_GPT, µs a step", "tape", results, NANO_GPT, "tape");
            bytes(table, results, NANO_GPT);
        }
        return any ? table.toString() : "";
    }

    private static void row(
            MarkdownTable table,
            String label,
            String way,
            Results results,
            String benchmark,
            String method,
            String... params) {
        table.cell(label).cell(way);
        for (String form : FORMS) {
            Measured nanos = results.nanos(benchmark, method + form, params);
            table.cell(nanos == null ? null : nanos.times(1e-3));
        }
        table.endRow();
    }

    private static void bytes(MarkdownTable table, Results results, String benchmark, String... params) {
        table.cell("").cell("tape, bytes allocated");
        for (String form : FORMS) {
            Result result = results.find(benchmark, "tape" + form, params);
            table.cell(result == null ? null : result.secondary().get("gc.alloc.rate.norm"));
        }
        table.endRow();
    }
}
