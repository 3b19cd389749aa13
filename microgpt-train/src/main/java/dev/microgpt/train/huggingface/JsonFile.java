package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes files of one JSON object. Values are String, Integer, BigInteger, Double, Boolean, List, Map or null.
 */
final class JsonFile {
    // the library's own digits: Double.toString gives others on older Java versions
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private JsonFile() {}

    /** Writes each field in a line of its own, for people. */
    static void write(Path file, Map<String, @Nullable Object> fields) throws IOException {
        StringBuilder text = new StringBuilder("{");
        String before = "\n  ";
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            text.append(before).append(json(field.getKey())).append(": ").append(json(field.getValue()));
            before = ",\n  ";
        }
        replace(file, text.append("\n}\n").toString());
    }

    /** Writes everything in one line. */
    static void writeCompact(Path file, Map<String, @Nullable Object> fields) throws IOException {
        replace(file, json(fields) + "\n");
    }

    private static void replace(Path file, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(file, out -> out.write(content));
    }

    private static String json(@Nullable Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json, value);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof List<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> fields) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.writeName((String) field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else {
            throw new IllegalArgumentException(
                    "no JSON is known for a " + value.getClass().getName());
        }
    }
}
