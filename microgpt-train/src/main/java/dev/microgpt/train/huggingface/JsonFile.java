package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes files that consist of one JSON object, with the values of {@link JsonWriter}. */
final class JsonFile {
    private JsonFile() {}

    /** Writes each field on a line of its own, for human readers. */
    static void write(Path file, Map<String, @Nullable Object> fields) throws IOException {
        StringBuilder text = new StringBuilder("{");
        String before = "\n  ";
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            text.append(before)
                    .append(JsonWriter.text(field.getKey()))
                    .append(": ")
                    .append(JsonWriter.text(field.getValue()));
            before = ",\n  ";
        }
        replace(file, text.append("\n}\n").toString());
    }

    /** Writes everything on one line. */
    static void writeCompact(Path file, Map<String, @Nullable Object> fields) throws IOException {
        replace(file, JsonWriter.text(fields) + "\n");
    }

    private static void replace(Path file, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(file, out -> out.write(content));
    }
}
