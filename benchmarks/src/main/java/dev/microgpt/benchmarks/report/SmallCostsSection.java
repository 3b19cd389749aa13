package dev.microgpt.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Costs of a few nanoseconds: elementary functions, Adam, an operation on the tape. */
final class SmallCostsSection implements Section {
    private static final String FUNCTION = "FunctionBenchmark";
    private static final String TAPE = "TapeOverheadBenchmark";

    @Override
    public String name() {
        return "small-costs";
    }

    @Override
    public String markdown(Results results) {
        String text = functions(results) + "\n" + others(results);
        return text.isBlank() ? "" : text;
    }

    private static String functions(Results results) {
        MarkdownTable table = new MarkdownTable(
                List.of("function, ns an element", "kernels", "Math", "StrictMath", "Math / kernels"));
        boolean any = false;
        for (String function : List.of("exp", "log", "tanh", "erf")) {
            Measured ours = results.nanos(FUNCTION, function);
            Measured math = results.nanos(FUNCTION, function + "OfMath");
            any |= ours != null;
            table.cell(function).cell(ours).cell(math).cell(results.nanos(FUNCTION, function + "OfStrictMath"));
            table.ratio(math, ours).endRow();
        }
        return any ? table.toString() : "";
    }

    private static String others(Results results) {
        Result tape = results.find(TAPE, "tape");
        Measured adam = results.nanos("AdamBenchmark", "oneThread");
        if (tape == null && adam == null) {
            return "";
        }
        MarkdownTable table = new MarkdownTable(List.of("", "ns", "bytes allocated"));
        row(table, "an operation on one number, recorded and run backward", tape);
        row(table, "the same arithmetic in a loop", results.find(TAPE, "loop"));
        row(table, "Adam, one parameter of a million", results.find("AdamBenchmark", "oneThread"));
        row(table, "the same with 2 threads", results.find("AdamBenchmark", "twoThreads"));
        return table.toString();
    }

    private static void row(MarkdownTable table, String label, @Nullable Result result) {
        table.cell(label).cell(result == null ? null : result.nanos());
        Measured bytes = result == null ? null : result.secondary().get("gc.alloc.rate.norm");
        table.cell(bytes == null ? null : Figures.three(bytes.value())).endRow();
    }
}
