package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code src/main/c/openblas.c} printed: GFLOP/s by shape and kind, of the median run. */
final class NativeResults {
    private static final String PEAK = "peak";

    private final Map<String, Double> gflops = new HashMap<>();

    /** Reads the files, one JSON object a line; none gives an empty set. */
    static NativeResults read(List<Path> files) throws IOException {
        NativeResults results = new NativeResults();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    results.add(file.toString(), line);
                }
            }
        }
        return results;
    }

    private void add(String where, String line) {
        if (!(Json.read(where, line) instanceof Map<?, ?> fields && fields.get("gflops") instanceof Double rate)) {
            throw new IllegalArgumentException(
                    where + ": found a line without \"gflops\"; is it the output of" + " openblas.c?");
        }
        String shape = String.valueOf(fields.get("shape"));
        gflops.put(shape.equals(PEAK) ? PEAK : key(shape, String.valueOf(fields.get("kind"))), rate);
    }

    @Nullable
    Double gflops(String shape, String kind) {
        return gflops.get(key(shape, kind));
    }

    @Nullable
    Double peak() {
        return gflops.get(PEAK);
    }

    private static String key(String shape, String kind) {
        return shape + " " + kind;
    }
}
