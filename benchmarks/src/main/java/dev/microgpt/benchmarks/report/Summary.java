package dev.microgpt.benchmarks.report;

import dev.microgpt.benchmarks.report.Result.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table at the head of the document: five things and what they are compared with, on every JDK. */
final class Summary {
    /** The section of the document that it is written to. */
    static final String SECTION = "summary";

    private static final Map<String, String> LONG = Map.of("shape", "1x12x1024x64");

    /** Sequences that {@code PackedGenerateBenchmark} generates together, each with all weights. */
    private static final int TOGETHER = 8;

    private final Results results;

    private Summary(Results results) {
        this.results = results;
    }

    /** The best of all measurements and their median, NaN if there is none. */
    record Figure(double best, double median) {
        Figure times(double factor) {
            return new Figure(factor * best, factor * median);
        }

        /** Returns for example {@code 109 (118)}. */
        @Override
        public String toString() {
            return Double.isNaN(best) ? "–" : Figures.three(best) + " (" + Figures.likeThree(median, best) + ")";
        }
    }

    /**
     * A comparison on one JDK.
     *
     * @param what   what was measured, with its unit
     * @param peer   what it is compared with
     * @param ours   the figure of this library
     * @param theirs the figure of the peer, in the same unit
     * @param speed  how many times as fast as the peer this library is, by the best of each
     */
    record Line(String what, String peer, Figure ours, Figure theirs, double speed) {}

    /** Returns the rows of a JDK, each a list of comparisons, the same ones whatever was measured. */
    static List<List<Line>> rows(Results results) {
        return new Summary(results).rows();
    }

    private List<List<Line>> rows() {
        String version = results.find("PyTorch.stepOneThread", Map.of()).version();
        String pyTorch = ("PyTorch " + version.replaceFirst("[+].*", "")).strip();
        Map<String, String> one = Map.of("model", "LARGE", "weights", "F64");
        Map<String, String> eight = Map.of("model", "LARGE", "weights", "F64_X8");
        return List.of(
                List.of(products()),
                List.of(
                        time(
                                "training step, 1 thread, ms",
                                pyTorch,
                                "NanoGptStepBenchmark.tapeVector",
                                "PyTorch.stepOneThread",
                                Map.of()),
                        time(
                                "training step, 2 threads, ms",
                                pyTorch,
                                "NanoGptStepBenchmark.tapeVectorTwoThreads",
                                "PyTorch.stepTwoThreads",
                                Map.of())),
                List.of(
                        time(
                                "causal attention, ms",
                                pyTorch,
                                "AttentionBenchmark.fusedVector",
                                "PyTorch.attentionOneThread",
                                LONG),
                        time(
                                "causal attention, ms",
                                "composed",
                                "AttentionBenchmark.fusedVector",
                                "AttentionBenchmark.composedVector",
                                LONG)),
                List.of(micro("1 name", "MICRO_1"), micro("32 names", "MICRO_32")),
                List.of(generation("1 sequence", one, 1), generation(TOGETHER + " sequences", eight, TOGETHER)));
    }

    /** The geometric means of all products that were measured of both. */
    private Line products() {
        double[] logs = new double[4];
        int products = 0;
        for (String shape : results.values("MatmulBenchmark", "shape")) {
            for (String kind : results.values("MatmulBenchmark", "kind")) {
                Map<String, String> params = Map.of("shape", shape, "kind", kind);
                Figure ours = figure("MatmulBenchmark.vector", params, "rate");
                Figure theirs = figure("OpenBlas.product", params, "rate");
                if (!Double.isNaN(ours.best() / theirs.best())) {
                    logs[0] += Math.log(ours.best());
                    logs[1] += Math.log(ours.median());
                    logs[2] += Math.log(theirs.best());
                    logs[3] += Math.log(theirs.median());
                    products++;
                }
            }
        }
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.exp(logs[i] / products); // NaN of none
        }
        String what = products + " matrix products, GFLOP/s";
        return new Line(
                what, "OpenBLAS", new Figure(logs[0], logs[1]), new Figure(logs[2], logs[3]), logs[0] / logs[2]);
    }

    private Line micro(String names, String workload) {
        String what = "step of MICRO, " + names + ", µs";
        Map<String, String> params = Map.of("workload", workload);
        return time(what, "by hand", "TrainStepBenchmark.tapeVector", "TrainStepBenchmark.handWrittenVector", params);
    }

    private Line generation(String sequences, Map<String, String> params, int factor) {
        Figure ours = figure("PackedGenerateBenchmark.vector", params, "rate").times(factor);
        Figure theirs = figure("MemoryReadBenchmark.oneThread", Map.of(), "rate");
        return new Line(
                "generation, " + sequences + ", GB/s", "reading memory", ours, theirs, ours.best() / theirs.best());
    }

    private Line time(String what, String peer, String method, String method2, Map<String, String> params) {
        String unit = what.substring(what.lastIndexOf(' ') + 1);
        Figure ours = figure(method, params, unit);
        Figure theirs = figure(method2, params, unit);
        return new Line(what, peer, ours, theirs, theirs.best() / ours.best());
    }

    private Figure figure(String method, Map<String, String> params, String unit) {
        Result result = results.find(method, params);
        return new Figure(
                result.in(unit, Statistic.BEST).value(),
                result.in(unit, Statistic.MEDIAN).value());
    }

    /** Returns the table, empty if there is nothing to compare. */
    static String table(List<Results> runs) {
        List<List<List<Line>>> rows = runs.stream().map(Summary::rows).toList();
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < rows.get(0).size(); row++) {
            List<List<Line>> comparisons = new ArrayList<>(); // each on all JDKs
            for (int i = 0; i < rows.get(0).get(row).size(); i++) {
                List<Line> onAll = new ArrayList<>();
                for (List<List<Line>> ofJdk : rows) {
                    onAll.add(ofJdk.get(row).get(i));
                }
                if (onAll.stream().anyMatch(line -> !Double.isNaN(line.speed()))) {
                    comparisons.add(onAll);
                }
            }
            if (!comparisons.isEmpty()) {
                lines.append(row(comparisons, runs.size()));
            }
        }
        return lines.isEmpty() ? "" : header(runs) + lines;
    }

    private static String header(List<Results> runs) {
        StringBuilder header = new StringBuilder("| best (median) |");
        runs.forEach(run -> header.append(" " + name(run) + " |"));
        header.append(" peer |");
        runs.forEach(run -> header.append(" times as fast, " + name(run) + " |"));
        return header + "\n|" + " --- |".repeat(2 + 2 * runs.size()) + "\n";
    }

    /** Such as {@code JDK 17}. */
    static String name(Results run) {
        return "JDK " + run.jdk().replaceFirst("[.].*", "");
    }

    private static String row(List<List<Line>> comparisons, int jdks) {
        StringBuilder row = new StringBuilder(
                "| " + cell(comparisons, onAll -> measured(onAll).what()) + " |");
        for (int i = 0; i < jdks; i++) {
            int jdk = i;
            row.append(" " + cell(comparisons, onAll -> onAll.get(jdk).ours().toString()) + " |");
        }
        row.append(" " + cell(comparisons, Summary::peer) + " |");
        for (int i = 0; i < jdks; i++) {
            int jdk = i;
            row.append(" "
                    + cell(comparisons, onAll -> Figures.ratio(onAll.get(jdk).speed())) + " |");
        }
        return row + "\n";
    }

    /** A line for each comparison, or one if all are equal. */
    private static String cell(List<List<Line>> comparisons, Function<List<Line>, String> text) {
        List<String> lines = comparisons.stream().map(text).toList();
        return lines.stream().distinct().count() == 1 ? lines.get(0) : String.join("<br>", lines);
    }

    private static Line measured(List<Line> onAll) {
        return onAll.stream()
                .filter(line -> !Double.isNaN(line.speed()))
                .findFirst()
                .orElseThrow();
    }

    /** The peer with its figure, or with one for each JDK if they differ. */
    private static String peer(List<Line> onAll) {
        Set<String> figures = new LinkedHashSet<>();
        onAll.forEach(line -> figures.add(line.theirs().toString()));
        return measured(onAll).peer() + " " + String.join(", ", figures);
    }
}
