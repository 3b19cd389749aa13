package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Everything that was measured on one JDK.
 *
 * @param jdk      its version, such as {@code 17.0.15}
 * @param jmh      JMH's results, in the order of the files
 * @param peers    the results of {@code src/main/c/openblas.c} and of the scripts in {@code src/main/python}, the same
 *                 on every JDK
 * @param shown    the results that a table or a picture has asked for
 */
record Results(String jdk, List<Result> jmh, List<Result> peers, Set<Result> shown) {
    /**
     * Reads results and groups them by JDK, the oldest first.
     *
     * @param jmhFiles  what JMH wrote with {@code -rf json}
     * @param peerFiles the output of {@code openblas.c} and of the scripts for PyTorch
     * @throws IllegalArgumentException if a file holds anything else, or if there is no result of JMH
     */
    static List<Results> read(List<Path> jmhFiles, List<Path> peerFiles) throws IOException {
        List<Result> peers = read(peerFiles, Result::ofPeer);
        Map<String, Results> byJdk = new TreeMap<>(Comparator.comparing(Runtime.Version::parse));
        for (Result result : read(jmhFiles, Result::ofJmh)) {
            byJdk.computeIfAbsent(result.jdk(), jdk -> new Results(jdk, new ArrayList<>(), peers, identities()))
                    .jmh()
                    .add(result);
        }
        if (byJdk.isEmpty()) {
            throw new IllegalArgumentException("there are no results in " + jmhFiles);
        }
        return List.copyOf(byJdk.values());
    }

    private static List<Result> read(List<Path> files, Function<Map<String, String>, Result> reader)
            throws IOException {
        List<Result> results = new ArrayList<>();
        for (Path file : files) {
            for (Map<String, String> fields : FlatJson.read(file)) {
                try {
                    results.add(reader.apply(fields));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
                }
            }
        }
        return results;
    }

    boolean has(String benchmark) {
        return jmh.stream().anyMatch(result -> result.method().startsWith(benchmark + "."));
    }

    /**
     * Finds the result of a method.
     *
     * @param method its class and name
     * @param params include those of the method
     * @return all rounds of it together, or {@link Result#NONE}
     */
    Result find(String method, Map<String, String> params) {
        List<Result> rounds = new ArrayList<>();
        for (List<Result> results : List.of(jmh, peers)) {
            for (Result result : results) {
                if (result.method().equals(method)
                        && params.entrySet().containsAll(result.params().entrySet())) {
                    shown.add(result);
                    rounds.add(result);
                }
            }
        }
        return Result.together(rounds);
    }

    private static Set<Result> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Returns a sentence for each method with results that no table or picture has asked for. */
    static List<String> unshown(List<Results> runs) {
        Set<Result> shown = identities();
        Map<String, Set<Result>> unshown = new TreeMap<>();
        runs.forEach(run -> shown.addAll(run.shown()));
        for (Results run : runs) {
            Stream.concat(run.jmh().stream(), run.peers().stream())
                    .filter(result -> !shown.contains(result))
                    .forEach(result -> unshown.computeIfAbsent(result.method(), method -> identities())
                            .add(result));
        }
        List<String> sentences = new ArrayList<>();
        unshown.forEach((method, results) -> sentences.add(method + ", " + results.size()
                + (results.size() == 1 ? " result" : " results") + " that no table shows; CONTRIBUTING.md says how to"
                + " add a benchmark to the report"));
        return sentences;
    }

    /** A figure without its error, NaN if it was not measured; the units are those of {@link Result#in}. */
    double value(String method, Map<String, String> params, String unit) {
        return find(method, params).in(unit, Result.Statistic.MEAN).value();
    }

    /** The values of a parameter of a benchmark, in the order of measuring. */
    Set<String> values(String benchmark, String param) {
        Set<String> values = new LinkedHashSet<>();
        for (Result result : jmh) {
            String value = result.params().get(param);
            if (result.method().startsWith(benchmark + ".") && value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
