package dev.microgpt.cli.metrics;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a file of JSON objects, one a line, with numbers in full precision. An object is begun, its fields are put, and
 * it is ended. The first field of every object is the same.
 *
 * <p>If the file cannot be written, an {@link UncheckedIOException} names the option that asked for it.
 */
final class JsonLines implements Closeable {
    private static final OpenOption[] APPEND = {StandardOpenOption.APPEND};
    private static final OpenOption[] REPLACE = {}; // which stands for what Files.newOutputStream usually does

    private final String name;
    private final JsonGenerator json;

    /**
     * Opens the file, and replaces nothing but one of the same kind.
     *
     * @param option what asks for the file
     * @param first  the first field of every object
     */
    JsonLines(String option, Path file, String first) throws IOException {
        this(option, file, first, false);
    }

    /**
     * Opens the file, and replaces nothing but one of the same kind, or goes on with it.
     *
     * @param append whether to write behind what is there
     */
    JsonLines(String option, Path file, String first, boolean append) throws IOException {
        name = option + " " + file;
        checkReplaceable(option, file, first);
        // not Files.newBufferedWriter, which fails at half a surrogate pair, as a sample may have; this writes "?"
        Writer lines =
                new OutputStreamWriter(Files.newOutputStream(file, append ? APPEND : REPLACE), StandardCharsets.UTF_8);
        JsonFactory factory = JsonFactory.builder()
                // the library's own digits: Double.toString gives others on older Java versions
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .rootValueSeparator("") // the end of the line is enough
                .build();
        json = factory.createGenerator(ObjectWriteContext.empty(), lines);
    }

    /** Refuses a file that holds something else than such objects. */
    static void checkReplaceable(String option, Path file, String first) throws IOException {
        String expected = "{\"" + first + "\":";
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            return;
        }
        byte[] beginning;
        try (InputStream in = Files.newInputStream(file)) {
            beginning = in.readNBytes(expected.length());
        }
        if (!new String(beginning, StandardCharsets.UTF_8).equals(expected)) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    option + " " + file + ": found a file that holds something else, expected none or a former one",
                    "choose another " + option);
        }
    }

    /** Begins an object with its first field. */
    void begin(String field, long number) {
        try {
            json.writeStartObject();
            json.writeName(field);
            json.writeNumber(number);
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    void put(String field, long number) {
        try {
            json.writeName(field);
            json.writeNumber(number);
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    /** Puts a number, or null for one that JSON does not know: the perplexity of a very high loss is infinite. */
    void put(String field, double number) {
        try {
            json.writeName(field);
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeNull();
            }
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    void put(String field, boolean flag) {
        try {
            json.writeName(field);
            json.writeBoolean(flag);
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    void put(String field, String text) {
        try {
            json.writeName(field);
            json.writeString(text);
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    void put(String field, List<String> texts) {
        try {
            json.writeName(field);
            json.writeStartArray();
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    /** Ends the object, and its line. */
    void end() {
        try {
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    /** Lets who watches the file see every line so far. */
    void flush() {
        try {
            json.flush();
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(JacksonIOException e) {
        return new UncheckedIOException(name + ": " + e.getCause().getMessage(), e.getCause());
    }

    @Override
    public void close() throws IOException {
        try {
            json.close();
        } catch (JacksonIOException e) {
            throw new IOException(name + ": " + e.getCause().getMessage(), e.getCause());
        }
    }
}
