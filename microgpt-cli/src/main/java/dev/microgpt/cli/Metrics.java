package dev.microgpt.cli;

import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes one JSON object a step, with numbers in full precision:
 * {@code {"step":1,"loss":3.40048653348905,"learning_rate":0.01}}.
 */
final class Metrics implements TrainingListener, Closeable {
    private final Path file;
    private final BufferedWriter lines;
    private final JsonGenerator json;

    Metrics(Path file) throws IOException {
        this.file = file;
        lines = Files.newBufferedWriter(file);
        JsonFactory factory = JsonFactory.builder()
                // the library's own digits: Double.toString gives others on older Java versions
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .build();
        json = factory.createGenerator(ObjectWriteContext.empty(), lines);
    }

    @Override
    public void onStep(TrainingStep step) {
        json.writeStartObject();
        json.writeName("step");
        json.writeNumber(step.number());
        json.writeName("loss");
        json.writeNumber(step.loss());
        json.writeName("learning_rate");
        json.writeNumber(step.learningRate());
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    @Override
    public void close() throws IOException {
        try {
            json.close();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
