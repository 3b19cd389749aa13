package dev.microgpt.cli.metrics;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file of JSON objects, one per line, with numbers in full precision. All objects begin with the same field.
 *
 * <p>If the file cannot be written, an {@link UncheckedIOException} names the option that asked for it.
 */
final class JsonLines implements Closeable {
    private static final OpenOption[] APPEND = {StandardOpenOption.APPEND};
    private static final OpenOption[] REPLACE = {}; // the default of Files.newOutputStream

    private final String name;
    private final OutputStream out;

    /**
     * Opens the file, which may exist only if it holds such objects.
     *
     * @param option the option that asks for the file
     * @param first  the first field of every object
     * @param append whether to append to an existing file instead of replacing it
     */
    JsonLines(String option, Path file, String first, boolean append) throws IOException {
        name = option + " " + file;
        checkReplaceable(option, file, first);
        out = new BufferedOutputStream(Files.newOutputStream(file, append ? APPEND : REPLACE));
    }

    /** Refuses to replace a file that does not hold such objects. */
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
                    option + " " + file + " already exists and holds something else, which would be lost",
                    "choose another " + option);
        }
    }

    /**
     * Writes an object. A number that is not finite, such as the perplexity of a very high loss, becomes null, since
     * JSON has no such numbers; half a surrogate pair, which a sample may contain, becomes "?".
     */
    void write(Map<String, @Nullable Object> fields) {
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (field.getValue() instanceof Double number && !Double.isFinite(number)) {
                field.setValue(null);
            }
        }
        try {
            out.write((JsonWriter.text(fields) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    /** Makes all lines so far visible to readers of the file. */
    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }
}
