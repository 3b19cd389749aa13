package dev.microgpt.cli;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes what happens in a training, one JSON object a line, with numbers in full precision:
 *
 * <pre>
 * {"step":1,"loss":3.40048653348905,"learning_rate":0.01,"gradient_norm":2.5,"tokens":7,"tokens_per_second":3500.0}
 * {"step":100,"validation_loss":2.5,"perplexity":12.2,"bits_per_token":3.6,"bits_per_byte":3.6,"best":true}
 * {"step":100,"samples":["anna","emma"]}
 * </pre>
 *
 * <p>But for {@code tokens_per_second}, two runs of the same settings and data write the same bytes.
 */
final class Metrics implements TrainingListener, Closeable {
    private static final String BEGINNING = "{\"step\":";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path file;
    private final JsonGenerator json;

    /** Opens the file, and replaces nothing but the metrics of a former run. */
    Metrics(Path file) throws IOException {
        this.file = file;
        checkReplaceable(file);
        // not Files.newBufferedWriter, which fails at half a surrogate pair, as a sample may have; this writes "?"
        Writer lines = new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8);
        JsonFactory factory = JsonFactory.builder()
                // the library's own digits: Double.toString gives others on older Java versions
                .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                .rootValueSeparator("") // the end of the line is enough
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
            begin(step.number());
            write("loss", step.loss());
            write("learning_rate", step.learningRate());
            write("gradient_norm", step.gradientNorm());
            json.writeName("tokens");
            json.writeNumber(step.tokens());
            // a clock that stood still must not make it infinite, which JSON does not know
            write("tokens_per_second", step.tokens() * NANOS_PER_SECOND / Math.max(1, step.nanos()));
            end();
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        try {
            begin(evaluation.step());
            write("validation_loss", evaluation.loss());
            write("perplexity", evaluation.perplexity());
            write("bits_per_token", evaluation.bitsPerToken());
            write("bits_per_byte", evaluation.bitsPerByte());
            json.writeName("best");
            json.writeBoolean(evaluation.best());
            end();
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    @Override
    public void onSamples(int step, List<String> texts) {
        try {
            begin(step);
            json.writeName("samples");
            json.writeStartArray();
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
            end();
        } catch (JacksonIOException e) {
            throw failure(e);
        }
    }

    private void begin(int step) {
        json.writeStartObject();
        json.writeName("step");
        json.writeNumber(step);
    }

    /** Writes a number, or null for one that JSON does not know: the perplexity of a very high loss is infinite. */
    private void write(String name, double number) {
        json.writeName(name);
        if (Double.isFinite(number)) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    private void end() {
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush(); // who watches the file sees every line at once
    }

    private UncheckedIOException failure(JacksonIOException e) {
        return new UncheckedIOException(
                "--metrics " + file + ": " + e.getCause().getMessage(), e.getCause());
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
