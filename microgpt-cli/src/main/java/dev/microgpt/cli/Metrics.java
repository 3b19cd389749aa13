package dev.microgpt.cli;

import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes one JSON object a step, with numbers in full precision:
 * {@code {"step":1,"loss":3.40048653348905,"learning_rate":0.01}}.
 */
final class Metrics implements TrainingListener, Closeable {
    private static final String BEGINNING = "{\"step\":";

    private final Path file;
    private final JsonGenerator json;

    /** Opens the file, and replaces nothing but the metrics of a former run. */
    Metrics(Path file) throws IOException {
        this.file = file;
        checkReplaceable(file);
        BufferedWriter lines = Files.newBufferedWriter(file);
        JsonFactory factory = JsonFactory.builder()
                // the library's own digits: Double.toString gives others on older Java versions
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .build();
        json = factory.createGenerator(ObjectWriteContext.empty(), lines);
    }

    private static void checkReplaceable(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            return;
        }
        byte[] beginning;
        try (InputStream in = Files.newInputStream(file)) {
            beginning = in.readNBytes(BEGINNING.length());
        }
        if (!new String(beginning, StandardCharsets.UTF_8).equals(BEGINNING)) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--metrics " + file + ": found a file that holds something else, expected none or former metrics",
                    "choose another --metrics");
        }
    }

    @Override
    public void onStep(TrainingStep step) {
        try {
            json.writeStartObject();
            json.writeName("step");
            json.writeNumber(step.number());
            json.writeName("loss");
            json.writeNumber(step.loss());
            json.writeName("learning_rate");
            json.writeNumber(step.learningRate());
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush(); // who watches the file sees every step
        } catch (JacksonIOException e) {
            throw new UncheckedIOException(
                    "--metrics " + file + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            json.close();
        } catch (JacksonIOException e) {
            throw new IOException("--metrics " + file + ": " + e.getCause().getMessage(), e.getCause());
        }
    }
}
