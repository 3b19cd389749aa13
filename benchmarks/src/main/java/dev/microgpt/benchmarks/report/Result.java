package dev.microgpt.benchmarks.report;

import dev.microgpt.benchmarks.RowBenchmark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.util.MultisetStatistics;

/**
 * The result of a benchmark method with one set of parameters.
 *
 * @param method its class and name, such as {@code MatmulBenchmark.naive}
 * @param params the parameters by name
 * @param rounds for each time that it was measured, all fields of JMH's JSON by their paths, see {@link FlatJson}
 */
record Result(String method, Map<String, String> params, List<Map<String, String>> rounds) {
    /** What was not measured. */
    static final Result NONE = new Result("", Map.of(), List.of());

    /** What is taken from the measurements of a result. */
    enum Statistic {
        /** The mean with its error, as JMH printed it if there was only one round. */
        MEAN,
        /** The least time or the highest rate: of an operation in JMH's sample mode, otherwise of an iteration. */
        BEST,
        /** That of the same. */
        MEDIAN
    }

    /** Takes the measurements of several rounds together. */
    static Result together(List<Result> results) {
        if (results.isEmpty()) {
            return NONE;
        }
        List<Map<String, String>> rounds = new ArrayList<>();
        results.forEach(result -> rounds.addAll(result.rounds));
        return new Result(results.get(0).method, results.get(0).params, rounds);
    }

    /** Reads an element of JMH's list of results. */
    static Result ofJmh(Map<String, String> fields) {
        for (String path : List.of("jdkVersion", "vmName", "vmVersion", "primaryMetric/scoreUnit")) {
            field(fields, path);
        }
        Runtime.Version.parse(field(fields, "jdkVersion"));
        String name = field(fields, "benchmark");
        Map<String, String> params = new HashMap<>();
        fields.forEach((path, value) -> {
            if (path.startsWith("params/")) {
                params.put(path.substring("params/".length()), value);
            }
        });
        return new Result(
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1), params, List.of(fields));
    }

    /**
     * Reads a line of another program: {@code OpenBlas.product} with shape and kind or {@code OpenBlas.peak} of {@code
     * openblas.c}, {@code PyTorch.stepOneThread} of {@code nano_gpt_step.py}, or {@code PyTorch.attentionOneThread}
     * with shape of {@code causal_attention.py}.
     */
    static Result ofPeer(Map<String, String> fields) {
        if (!fields.containsKey("threads")) {
            String shape = field(fields, "shape");
            Map<String, String> of = Map.of("median", field(fields, "gflops"), "best", field(fields, "best"));
            return shape.equals("peak")
                    ? new Result("OpenBlas.peak", Map.of(), List.of(of))
                    : new Result(
                            "OpenBlas.product", Map.of("shape", shape, "kind", field(fields, "kind")), List.of(of));
        }
        Map<String, String> params = new HashMap<>();
        if (!field(fields, "dtype").equals("float64")) {
            params.put("dtype", field(fields, "dtype")); // which no table shows
        }
        String threads = field(fields, "threads");
        String suffix = threads.equals("1") ? "OneThread" : threads.equals("2") ? "TwoThreads" : threads + "Threads";
        if (fields.containsKey("shape")) {
            params.put("shape", field(fields, "shape"));
            return new Result("PyTorch.attention" + suffix, params, List.of(times(fields, "", "us")));
        }
        String method = "PyTorch.step" + suffix;
        boolean fused = number(fields, "fused_adam/best_ms", method) < number(fields, "adam/best_ms", method);
        Map<String, String> of = new HashMap<>(times(fields, fused ? "fused_adam/" : "adam/", "ms"));
        of.put("version", field(fields, "torch"));
        return new Result(method, params, List.of(of));
    }

    private static Map<String, String> times(Map<String, String> fields, String form, String unit) {
        return Map.of(
                "best", field(fields, form + "best_" + unit),
                "median", field(fields, form + "median_" + unit),
                "unit", unit + "/op");
    }

    /** The fields of the last round. */
    private Map<String, String> fields() {
        return rounds.get(rounds.size() - 1);
    }

    private boolean isOfPeer() {
        return !method.contains("Benchmark.");
    }

    /** Such as {@code 17.0.15}. */
    String jdk() {
        return field(fields(), "jdkVersion");
    }

    /** Such as {@code OpenJDK 64-Bit Server VM 17.0.15+6}. */
    String vm() {
        return field(fields(), "vmName") + " " + field(fields(), "vmVersion");
    }

    /** The version of a peer, empty if it was not measured. */
    String version() {
        return this == NONE ? "" : fields().getOrDefault("version", "");
    }

    /** The arguments of the JVM. */
    List<String> flags() {
        return fields().keySet().stream()
                .filter(path -> path.startsWith("jvmArgs/"))
                .map(fields()::get)
                .toList();
    }

    /**
     * Returns a figure of this result, {@link Measured#NONE} if it was not measured.
     *
     * @param unit {@code ns}, {@code µs} or {@code ms} for each operation; {@code ns/element} of the rows and columns
     *     in a parameter; {@code bytes} allocated by an operation; {@code score}, as JMH printed it; or {@code rate},
     *     which is GFLOP/s of what multiplies and GB/s of what reads memory, of all threads together
     */
    Measured in(String unit, Statistic statistic) {
        if (this == NONE) {
            return Measured.NONE;
        }
        return switch (unit) {
            case "ns" -> nanos(statistic);
            case "µs" -> nanos(statistic).times(1e-3);
            case "ms" -> nanos(statistic).times(1e-6);
            case "ns/element" -> nanos(statistic).over(product("operation"));
            case "bytes" -> measured("secondaryMetrics/gc.alloc.rate.norm", statistic);
            case "score" -> measured("primaryMetric", statistic);
            case "rate" -> rate(statistic);
            default -> throw new IllegalArgumentException("the report has no unit \"" + unit + "\"");
        };
    }

    /** Returns the name that a unit of {@link #in} has in print, for a figure of a method. */
    static String nameOf(String unit, String method) {
        return switch (unit) {
            case "ns/element" -> "ns an element";
            case "score" -> method.startsWith("Packed") ? "steps/s" : "tokens/s";
            case "rate" ->
                method.startsWith("Peak") || method.startsWith("Matmul") || method.startsWith("OpenBlas")
                        ? "GFLOP/s"
                        : "GB/s";
            default -> unit;
        };
    }

    private Measured nanos(Statistic statistic) {
        Measured score = isOfPeer() ? ofPeer(statistic) : measured("primaryMetric", statistic);
        String unit = field(fields(), isOfPeer() ? "unit" : "primaryMetric/scoreUnit");
        return switch (unit) {
            case "ns/op" -> score;
            case "us/op" -> score.times(1e3);
            case "ms/op" -> score.times(1e6);
            case "s/op" -> score.times(1e9);
            default ->
                throw new IllegalArgumentException(method + " was measured in " + unit
                        + ", but the report needs the time of an operation (-bm avgt or -bm sample)");
        };
    }

    private Measured rate(Statistic statistic) {
        return switch (method.replaceFirst("\\..*", "")) {
            case "PeakBenchmark" -> nanos(statistic).under(2 * threads()); // a multiply-add is two operations
            case "MatmulBenchmark" -> nanos(statistic).under(2 * product("shape"));
            case "MemoryReadBenchmark" -> nanos(statistic).under(8 * threads()); // bytes
            case "RowBenchmark" -> nanos(statistic).under(RowBenchmark.leastBytes(field(params, "operation")));
            case "GenerateBenchmark", "PackedGenerateBenchmark" ->
                measured("secondaryMetrics/weightBytes", statistic).times(1e-9);
            case "OpenBlas" -> ofPeer(statistic);
            default -> Measured.NONE;
        };
    }

    private double threads() {
        return number(fields(), "threads", method);
    }

    /** The best of a peer in all rounds, or the median of the medians of the rounds, which stands for the mean too. */
    private Measured ofPeer(Statistic statistic) {
        MultisetStatistics values = new MultisetStatistics();
        String path = statistic == Statistic.BEST ? "best" : "median";
        rounds.forEach(round -> values.addValue(number(round, path, method), 1));
        return new Measured(of(values, statistic == Statistic.BEST, fields().containsKey("unit")), Double.NaN);
    }

    private static double of(MultisetStatistics values, boolean best, boolean times) {
        return !best ? values.getPercentile(50) : times ? values.getMin() : values.getMax();
    }

    /** The product of the sizes in a parameter such as {@code 64x64x32} or {@code GELU:768x512}. */
    private double product(String param) {
        double product = 1;
        for (String size : field(params, param).replaceFirst(".*:", "").split("x")) {
            product *= Double.parseDouble(size);
        }
        return product;
    }

    private Measured measured(String metric, Statistic statistic) {
        MultisetStatistics values = values(metric);
        if (statistic != Statistic.MEAN) {
            boolean times = fields().getOrDefault(metric + "/scoreUnit", "").endsWith("/op");
            double value = values.getN() == 0 ? Double.NaN : of(values, statistic == Statistic.BEST, times);
            return new Measured(value, Double.NaN);
        }
        return rounds.size() > 1 && values.getN() > 0
                ? new Measured(values.getMean(), values.getMeanErrorAt(0.999))
                : new Measured(
                        number(fields(), metric + "/score", method), number(fields(), metric + "/scoreError", method));
    }

    /** The scores of all iterations of all rounds, or the times of all operations in JMH's sample mode. */
    private MultisetStatistics values(String metric) {
        MultisetStatistics values = new MultisetStatistics();
        for (Map<String, String> round : rounds) {
            for (String path : round.keySet()) {
                if (path.startsWith(metric + "/rawData/")) {
                    values.addValue(number(round, path, method), 1);
                } else if (path.startsWith(metric + "/rawDataHistogram/") && path.endsWith("/0")) {
                    // pairs of a time and how often it was measured
                    String count = path.substring(0, path.length() - 1) + "1";
                    values.addValue(number(round, path, method), (long) number(round, count, method));
                }
            }
        }
        return values;
    }

    private static double number(Map<String, String> fields, String path, String method) {
        String number = fields.getOrDefault(path, "NaN");
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException wrong) {
            String message = "the result of " + method + " has \"" + number + "\" as " + path;
            throw new IllegalArgumentException(message + ", which must be a number", wrong);
        }
    }

    private static String field(Map<String, String> fields, String path) {
        String value = fields.get(path);
        if (value == null) {
            throw new IllegalArgumentException("a result has no \"" + path
                    + "\"; the report reads what JMH writes with -rf json, and the output of openblas.c and of the"
                    + " scripts for PyTorch");
        }
        return value;
    }
}
