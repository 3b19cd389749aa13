package dev.microgpt.train.sweep;

import dev.microgpt.train.GradientWorkers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes metrics that follow from the settings, and remembers what it was asked for. */
final class FakeTrainer implements RunTrainer {
    final List<Map<String, String>> trained = new CopyOnWriteArrayList<>();
    final List<Map<String, String>> checked = new CopyOnWriteArrayList<>();
    final List<String> begun = new CopyOnWriteArrayList<>();
    String dataHash = "0123456789abcdef";

    @Override
    public void check(String name, String value) {
        if (name.equals("steps") && !value.matches("\\d+")) {
            throw new IllegalArgumentException("--steps must be a number");
        }
    }

    @Override
    public void check(Map<String, String> settings, int jobs) throws IOException {
        checked.add(settings);
        if (settings.getOrDefault("n-head", "").equals("3")) {
            throw new IOException("n-embd must be a multiple of n-head; change one");
        }
    }

    @Override
    public Map<String, String> describe(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(Map.of("learning_rate", "0.01", "seed", "42", "data_sha256", dataHash));
        settings.forEach((name, value) -> all.put(name.replace('-', '_'), value));
        return all;
    }

    /** Returns what the file of a run says of its end. */
    private static String end(Path folder) {
        try {
            RunFile file = RunFile.in(folder);
            return file == null ? "" : file.end().toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public RunEnd train(
            Map<String, String> settings, Path folder, BooleanSupplier stop, @Nullable GradientWorkers workers) {
        trained.add(settings);
        String seed = settings.getOrDefault("seed", "42");
        if (seed.equals("13")) {
            return new RunEnd(RunEnd.State.DIVERGED, 6, "the loss is NaN");
        }
        if (seed.equals("14")) {
            throw new IllegalStateException("a bug");
        }
        if (seed.equals("17")) {
            return new RunEnd(RunEnd.State.FAILED, 7, "the folder is in use");
        }
        if (seed.equals("16")) {
            throw new AssertionError("of a broken part");
        }
        if (seed.equals("15")) {
            begun.add(end(folder));
            return new RunEnd(RunEnd.State.FAILED, 5, "the disk is full");
        }
        String metrics = "{\"step\":1,\"loss\":3." + seed + ",\"tokens\":10,\"tokens_per_second\":20.0}\n"
                + "{\"step\":2,\"loss\":2." + seed + ",\"tokens\":30,\"tokens_per_second\":20.0}\n"
                + "{\"step\":2,\"validation_loss\":2.5,\"bits_per_byte\":3.5,\"best\":true}\n";
        try {
            Files.writeString(folder.resolve("metrics.jsonl"), metrics);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new RunEnd(stop.getAsBoolean() ? RunEnd.State.STOPPED : RunEnd.State.DONE, 0, "");
    }
}
