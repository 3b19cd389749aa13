package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that was measured on one JDK. */
final class Results {
    private final String jdk;
    private final List<Result> all = new ArrayList<>();

    Results(String jdk) {
        this.jdk = jdk;
    }

    /**
     * Reads JMH's results and sorts them by JDK, the oldest first.
     *
     * @throws IllegalArgumentException if a file is something else
     */
    static List<Results> read(List<Path> files) throws IOException {
        Map<String, Results> byJdk = new TreeMap<>(Comparator.comparing(Runtime.Version::parse));
        for (Path file : files) {
            if (!(Json.read(file.toString(), Files.readString(file)) instanceof List<?> list)) {
                throw new IllegalArgumentException(file + ": found no list; are these JMH's results (-rf json)?");
            }
            for (Object element : list) {
                Result result = Result.of((Map<?, ?>) element);
                byJdk.computeIfAbsent(result.jdk(), Results::new).add(result);
            }
        }
        return List.copyOf(byJdk.values());
    }

    void add(Result result) {
        all.add(result);
    }

    String jdk() {
        return jdk;
    }

    List<Result> all() {
        return all;
    }

    /**
     * Finds the result of a method.
     *
     * @param params names and values in turn
     * @return the last one that fits, so that a repeated measurement replaces the first, or null
     */
    @Nullable
    Result find(String benchmark, String method, String... params) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < params.length; i += 2) {
            wanted.put(params[i], params[i + 1]);
        }
        Result found = null;
        for (Result result : all) {
            if (result.benchmark().equals(benchmark)
                    && result.method().equals(method)
                    && result.params().equals(wanted)) {
                found = result;
            }
        }
        return found;
    }

    /** The time of an operation in nanoseconds, or null if it was not measured. */
    @Nullable
    Measured nanos(String benchmark, String method, String... params) {
        Result result = find(benchmark, method, params);
        return result == null ? null : result.nanos();
    }

    /** The values that a parameter of a benchmark had, in the order of measuring. */
    Set<String> values(String benchmark, String param) {
        Set<String> values = new LinkedHashSet<>();
        for (Result result : all) {
            String value = result.params().get(param);
            if (result.benchmark().equals(benchmark) && value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
