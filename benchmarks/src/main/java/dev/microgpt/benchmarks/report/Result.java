package dev.microgpt.benchmarks.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a benchmark method with one set of parameters.
 *
 * @param method its class and name, such as {@code MatmulBenchmark.naive}
 * @param params the parameters by name
 * @param fields all fields of JMH's JSON by their paths, see {@link FlatJson}
 */
record Result(String method, Map<String, String> params, Map<String, String> fields) {
    /** What was not measured. */
    static final Result NONE = new Result("", Map.of(), Map.of());

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
        return new Result(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1), params, fields);
    }

    /** Reads a line of {@code openblas.c}: {@code OpenBlas.product} with shape and kind, or {@code OpenBlas.peak}. */
    static Result ofOpenBlas(Map<String, String> fields) {
        field(fields, "gflops");
        String shape = field(fields, "shape");
        return shape.equals("peak")
                ? new Result("OpenBlas.peak", Map.of(), fields)
                : new Result("OpenBlas.product", Map.of("shape", shape, "kind", field(fields, "kind")), fields);
    }

    /** Such as {@code 17.0.15}. */
    String jdk() {
        return field(fields, "jdkVersion");
    }

    /** Such as {@code OpenJDK 64-Bit Server VM 17.0.15+6}. */
    String vm() {
        return field(fields, "vmName") + " " + field(fields, "vmVersion");
    }

    /** The arguments of the JVM. */
    List<String> flags() {
        return fields.keySet().stream()
                .filter(path -> path.startsWith("jvmArgs/"))
                .map(fields::get)
                .toList();
    }

    /**
     * Returns a figure of this result, {@link Measured#NONE} if it was not measured.
     *
     * @param unit {@code ns}, {@code µs} or {@code ms} for each operation; {@code ns/element} of the rows and columns
     *     in a parameter; {@code bytes} allocated by an operation; {@code score}, as JMH printed it; or {@code rate},
     *     which is GFLOP/s of what multiplies and GB/s of what reads memory, of all threads together
     */
    Measured in(String unit) {
        if (this == NONE) {
            return Measured.NONE;
        }
        return switch (unit) {
            case "ns" -> nanos();
            case "µs" -> nanos().times(1e-3);
            case "ms" -> nanos().times(1e-6);
            case "ns/element" -> nanos().over(product("operation"));
            case "bytes" -> measured("secondaryMetrics/gc.alloc.rate.norm");
            case "score" -> measured("primaryMetric");
            case "rate" -> rate();
            default -> throw new IllegalArgumentException("the report has no unit \"" + unit + "\"");
        };
    }

    /** Returns the name that a unit of {@link #in} has in print, for a figure of a method. */
    static String nameOf(String unit, String method) {
        return switch (unit) {
            case "ns/element" -> "ns an element";
            case "score" -> "tokens/s";
            case "rate" -> method.startsWith("MemoryRead") || method.startsWith("Generate") ? "GB/s" : "GFLOP/s";
            default -> unit;
        };
    }

    private Measured nanos() {
        Measured score = measured("primaryMetric");
        String unit = field(fields, "primaryMetric/scoreUnit");
        return switch (unit) {
            case "ns/op" -> score;
            case "us/op" -> score.times(1e3);
            case "ms/op" -> score.times(1e6);
            case "s/op" -> score.times(1e9);
            default ->
                throw new IllegalArgumentException(method + " was measured in " + unit
                        + ", but the report needs the time of an operation (-bm avgt)");
        };
    }

    private Measured rate() {
        return switch (method.replaceFirst("\\..*", "")) {
            case "PeakBenchmark" -> nanos().under(2 * number("threads")); // a multiply-add is two operations
            case "MatmulBenchmark" -> nanos().under(2 * product("shape"));
            case "MemoryReadBenchmark" -> nanos().under(8 * number("threads")); // bytes
            case "GenerateBenchmark" -> measured("secondaryMetrics/weightBytes").times(1e-9);
            case "OpenBlas" -> new Measured(number("gflops"), Double.NaN);
            default -> Measured.NONE;
        };
    }

    /** The product of the sizes in a parameter such as {@code 64x64x32} or {@code GELU:768x512}. */
    private double product(String param) {
        double product = 1;
        for (String size : params.get(param).replaceFirst(".*:", "").split("x")) {
            product *= Double.parseDouble(size);
        }
        return product;
    }

    private Measured measured(String metric) {
        return new Measured(number(metric + "/score"), number(metric + "/scoreError"));
    }

    private double number(String path) {
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
                    + "\"; the report reads what JMH writes with -rf json, and the output of openblas.c");
        }
        return value;
    }
}
