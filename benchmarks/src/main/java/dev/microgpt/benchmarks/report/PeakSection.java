package dev.microgpt.benchmarks.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The roofs: multiply-adds and memory, with one thread and with two. */
final class PeakSection implements Section {
    private static final String PEAK = "PeakBenchmark";
    private static final String MEMORY = "MemoryReadBenchmark";

    private final NativeResults openBlas;

    PeakSection(NativeResults openBlas) {
        this.openBlas = openBlas;
    }

    @Override
    public String name() {
        return "peak";
    }

    @Override
    public String markdown(Results results) {
        if (results.find(PEAK, "vector") == null && results.find(MEMORY, "oneThread") == null) {
            return "";
        }
        MarkdownTable table = new MarkdownTable(List.of("", "1 thread", "2 threads"));
        table.cell("fused multiply-adds, vector, GFLOP/s").cell(gflops(results, "vector"));
        table.cell(gflops(results, "vectorTwoThreads")).endRow();
        table.cell("fused multiply-adds, scalar, GFLOP/s").cell(gflops(results, "scalar"));
        table.cell(null).endRow();
        Double c = openBlas.peak();
        table.cell("fused multiply-adds, vector, in C, GFLOP/s").cell(c == null ? null : Figures.three(c));
        table.cell(null).endRow();
        table.cell("reading memory, GB/s").cell(gigabytes(results, "oneThread"));
        table.cell(gigabytes(results, "twoThreads")).endRow();
        table.cell("an empty benchmark, ns").cell(results.nanos("EmptyBenchmark", "empty"));
        table.cell(null).endRow();
        return table.toString();
    }

    /** All threads together; an operation is one multiply-add. */
    static @Nullable Measured gflops(Results results, String method) {
        return ofAllThreads(results.find(PEAK, method), 2);
    }

    /** All threads together; an operation reads one number of 8 bytes. */
    static @Nullable Measured gigabytes(Results results, String method) {
        return ofAllThreads(results.find(MEMORY, method), 8);
    }

    private static @Nullable Measured ofAllThreads(@Nullable Result result, double amount) {
        return result == null ? null : result.nanos().under(amount * result.threads());
    }
}
