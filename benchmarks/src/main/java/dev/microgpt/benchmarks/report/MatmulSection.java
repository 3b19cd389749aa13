package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matrix products in GFLOP/s, beside the peak of the machine and the other libraries. */
final class MatmulSection implements Section {
    private static final String MATMUL = "MatmulBenchmark";
    private static final List<String> PEERS = List.of("scalar", "naive", "ejml", "vectorBlas", "openBlas");

    private final NativeResults openBlas;

    MatmulSection(NativeResults openBlas) {
        this.openBlas = openBlas;
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public String markdown(Results results) {
        List<String> headings = List.of(
                "M×N×K",
                "kind",
                "vector",
                "of peak",
                "2 threads",
                "of peak",
                "scalar",
                "naive loop",
                "EJML",
                "netlib, Java",
                "netlib, OpenBLAS",
                "OpenBLAS from C",
                "vector / OpenBLAS from C");
        MarkdownTable table = new MarkdownTable(headings);
        List<Double> ratios = new ArrayList<>();
        boolean any = false;
        for (String shape : results.values(MATMUL, "shape")) {
            for (String kind : results.values(MATMUL, "kind")) {
                any = true;
                row(table, results, shape, kind, ratios);
            }
        }
        return any ? table + "\n" + geometricMean(ratios) : "";
    }

    private void row(MarkdownTable table, Results results, String shape, String kind, List<Double> ratios) {
        Measured vector = gflops(results, "vector", shape, kind);
        Measured two = gflops(results, "vectorTwoThreads", shape, kind);
        table.cell(shape.replace('x', '×')).cell(kind);
        table.cell(vector).cell(ofPeak(vector, PeakSection.gflops(results, "vector")));
        table.cell(two).cell(ofPeak(two, PeakSection.gflops(results, "vectorTwoThreads")));
        for (String peer : PEERS) {
            table.cell(gflops(results, peer, shape, kind));
        }
        Double c = openBlas.gflops(shape, kind);
        table.cell(c == null ? null : Figures.three(c));
        if (c != null && vector != null) {
            ratios.add(vector.value() / c);
            table.cell(Figures.ratio(vector.value() / c));
        } else {
            table.cell(null);
        }
        table.endRow();
    }

    private static @Nullable String ofPeak(@Nullable Measured rate, @Nullable Measured peak) {
        return rate == null || peak == null ? null : Figures.percent(rate.value() / peak.value());
    }

    /** A product is {@code M · N · K} multiply-adds, each two operations. */
    static @Nullable Measured gflops(Results results, String method, String shape, String kind) {
        Measured nanos = results.nanos(MATMUL, method, "shape", shape, "kind", kind);
        return nanos == null ? null : nanos.under(2 * multiplyAdds(shape));
    }

    static double multiplyAdds(String shape) {
        double product = 1;
        for (String size : shape.split("x")) {
            product *= Double.parseDouble(size);
        }
        return product;
    }

    private static String geometricMean(List<Double> ratios) {
        if (ratios.isEmpty()) {
            return "";
        }
        double sum = 0;
        for (double ratio : ratios) {
            sum += Math.log(ratio);
        }
        return "Geometric mean of vector / OpenBLAS from C over " + ratios.size() + " products: "
                + Figures.ratio(Math.exp(sum / ratios.size())) + ".\n";
    }
}
