package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of JMH's results.
 *
 * @param benchmark the simple name of the class, such as {@code MatmulBenchmark}
 * @param method    the name of the method
 * @param params    the parameters by name
 * @param jdk       such as {@code 17.0.15}
 * @param vm        such as {@code OpenJDK 64-Bit Server VM 17.0.15+6}
 * @param flags     the arguments of the JVM
 * @param threads   how many threads called the method
 * @param score     what was measured
 * @param unit      its unit, such as {@code ns/op}
 * @param secondary further scores by name
 */
record Result(
        String benchmark,
        String method,
        Map<String, String> params,
        String jdk,
        String vm,
        List<String> flags,
        int threads,
        Measured score,
        String unit,
        Map<String, Measured> secondary) {
    /** Takes the fields of an element of JMH's JSON. */
    static Result of(Map<?, ?> json) {
        String name = text(json, "benchmark");
        int dot = name.lastIndexOf('.');
        Map<?, ?> primary = map(json, "primaryMetric");
        List<String> flags = new ArrayList<>();
        if (json.get("jvmArgs") instanceof List<?> arguments) {
            arguments.forEach(argument -> flags.add(String.valueOf(argument)));
        }
        return new Result(
                name.substring(name.lastIndexOf('.', dot - 1) + 1, dot),
                name.substring(dot + 1),
                texts(json.get("params")),
                text(json, "jdkVersion"),
                text(json, "vmName") + " " + text(json, "vmVersion"),
                flags,
                (int) number(json.get("threads")),
                measured(primary),
                text(primary, "scoreUnit"),
                secondary(map(json, "secondaryMetrics")));
    }

    /** The time of an operation in nanoseconds. */
    Measured nanos() {
        return switch (unit) {
            case "ns/op" -> score;
            case "us/op" -> score.times(1e3);
            case "ms/op" -> score.times(1e6);
            case "s/op" -> score.times(1e9);
            default ->
                throw new IllegalArgumentException(
                        benchmark + "." + method + " has the unit " + unit + "; expected a time for an operation");
        };
    }

    private static Map<String, Measured> secondary(Map<?, ?> metrics) {
        Map<String, Measured> byName = new TreeMap<>();
        metrics.forEach((name, metric) -> byName.put(String.valueOf(name), measured((Map<?, ?>) metric)));
        return byName;
    }

    private static Measured measured(Map<?, ?> metric) {
        return new Measured(number(metric.get("score")), number(metric.get("scoreError")));
    }

    /** JMH writes NaN as a text. */
    private static double number(@Nullable Object value) {
        return value instanceof Double number ? number : Double.NaN;
    }

    private static Map<String, String> texts(@Nullable Object value) {
        Map<String, String> texts = new TreeMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
        }
        return texts;
    }

    private static String text(Map<?, ?> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("found no text \"" + name + "\"; are these JMH's results (-rf json)?");
    }

    private static Map<?, ?> map(Map<?, ?> json, String name) {
        return json.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }
}
