package dev.microgpt.cli.metrics;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.SystemReason;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file of JSON objects, one per line, with numbers in full precision. All objects begin with the same field.
 *
 * <p>If the file cannot be written, an {@link UncheckedIOException} names the option that asked for it.
 */
final class JsonLines implements Closeable {
    private final String option;
    private final Path file;
    private final OutputStream out;

    /**
     * Writes to a stream.
     *
     * @param option the option that asks for the file
     * @param out    writes the file
     */
    JsonLines(String option, Path file, OutputStream out) {
        this.option = option;
        this.file = file;
        this.out = out;
    }

    /**
     * Refuses to replace a file that does not hold such objects, and to write to a pipe, which may wait for a reader
     * forever, unless it is already open.
     *
     * @param first the first field of every object
     */
    static void checkReplaceable(String option, Path file, String first) throws IOException {
        if (FileKind.isOther(file)) {
            String kind = FileKind.of(file);
            if (!kind.equals("a device") && !FileKind.isStreamOfTheSystem(file)) {
                String message = option + " " + file + " must be a file, but is " + kind;
                throw new CliException(ExitCode.IO, message, "choose another " + option);
            }
            return;
        }
        String expected = "{\"" + first + "\":";
        if (!Files.exists(file) || Files.size(file) == 0) {
            return;
        }
        byte[] beginning;
        try (InputStream in = OrdinaryFile.open(file)) {
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
            throw failed(e);
        }
    }

    /** Makes all lines so far visible to readers of the file. */
    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException failure) {
        String message = SystemReason.after(option + " " + file, SystemReason.of(failure, file));
        return new UncheckedIOException(message, failure);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
