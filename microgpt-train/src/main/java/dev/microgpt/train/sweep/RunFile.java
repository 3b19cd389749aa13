package dev.microgpt.train.sweep;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code run.json} in the folder of a run of a sweep.
 *
 * @param given    the settings that the sweep gives
 * @param settings all settings of the run
 * @param end      how the run ended; stopped while it has not
 */
record RunFile(Map<String, String> given, Map<String, String> settings, RunEnd end) {
    private static final String NAME = "run.json";

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /** Returns null if there is no such file. */
    static @Nullable RunFile in(Path folder) throws IOException {
        if (!isIn(folder)) {
            return null;
        }
        Path file = folder.resolve(NAME);
        try (InputStream in = OrdinaryFile.open(file)) {
            Map<String, @Nullable Object> fields = Json.readSmallObject(file.toString(), in);
            RunEnd end = new RunEnd(
                    state(text(fields, "state")),
                    fields.get("exit_code") instanceof BigInteger code ? code.intValueExact() : 0,
                    text(fields, "message"));
            return new RunFile(texts(fields, "given"), texts(fields, "settings"), end);
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new SweepException(file + " must be the file of a run of a sweep, but is not: " + wrong.getMessage()
                    + "; move it to train the run again, or choose another --out");
        }
    }

    private static String text(Map<String, @Nullable Object> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    private static RunEnd.State state(String name) {
        for (RunEnd.State state : RunEnd.State.values()) {
            if (state.toString().equals(name)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "state must be one of " + Arrays.toString(RunEnd.State.values()) + ", but is " + Quoted.of(name));
    }

    private static Map<String, String> texts(Map<String, @Nullable Object> fields, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Json.object(name, fields.get(name)).forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    RunFile endedWith(RunEnd now) {
        return new RunFile(given, settings, now);
    }

    /** Replaces the file atomically. */
    void write(Path folder) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("given", given);
        fields.put("settings", settings);
        fields.put("state", end.state().toString());
        fields.put("exit_code", end.exitCode());
        fields.put("message", end.message());
        byte[] json = (JsonWriter.text(fields) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(folder.resolve(NAME), out -> out.write(json));
    }
}
