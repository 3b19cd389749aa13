package dev.microgpt.train.internal.metrics;

import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a metrics file; each call continues where the previous one stopped.
 *
 * <p>A last line without a line feed is left for the next call: it is being written, or was cut by a crash. Any other
 * line that is not metrics is counted and skipped, such as one that a crash cut and a later run continued.
 */
public final class MetricsReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE) // of a sample, as long as a run writes it
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private History history = new History();
    private long position;

    /** Reads nothing yet. */
    public MetricsReader(Path file) {
        this.file = file;
    }

    /** Returns the name of the file to show in the page. */
    public String fileName() {
        return String.valueOf(file.getFileName());
    }

    /** Returns all metrics read so far; the next call adds to the same object. */
    public History read() throws IOException {
        if (Files.size(file) < position) { // another file has replaced it
            history = new History();
            position = 0;
        }
        try (InputStream in = OrdinaryFile.open(file)) {
            in.skipNBytes(position);
            byte[] bytes = new byte[BUFFER];
            int size = 0;
            for (int more = in.read(bytes); more >= 0; more = in.read(bytes, size, bytes.length - size)) {
                size += more;
                size = readLines(bytes, size);
                if (size == bytes.length) { // a long line
                    bytes = Arrays.copyOf(bytes, 2 * size);
                }
            }
        }
        return history;
    }

    /** Reads all complete lines, moves the rest to the front of the buffer and returns its size. */
    private int readLines(byte[] bytes, int size) {
        int start = 0;
        for (int i = 0; i < size; i++) {
            if (bytes[i] == '\n') {
                readLine(bytes, start, i - start);
                start = i + 1;
            }
        }
        position += start;
        System.arraycopy(bytes, start, bytes, 0, size - start);
        return size - start;
    }

    private void readLine(byte[] bytes, int start, int length) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), bytes, start, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT || !readObject(json)) {
                history.addUnreadableLine();
            }
        } catch (JacksonException notJson) {
            history.addUnreadableLine();
        }
    }

    /** Adds an object to the history; returns false if it is none of the three known kinds. */
    private boolean readObject(JsonParser json) {
        int step = -1;
        Map<String, Double> numbers = new HashMap<>();
        List<String> samples = null;
        boolean best = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("step")) {
                step = json.getIntValue();
            } else if (value.isNumeric() && Double.isFinite(json.getDoubleValue())) {
                numbers.put(name, json.getDoubleValue());
            } else if (name.equals("best")) {
                best = value == JsonToken.VALUE_TRUE;
            } else if (name.equals("samples") && value == JsonToken.START_ARRAY) {
                samples = texts(json);
            } else {
                json.skipChildren();
            }
        }
        if (step < 0) {
            return false;
        }
        if (samples != null) {
            history.addSamples(new SamplesLine(step, samples));
        } else if (numbers.containsKey("validation_loss")) {
            history.addEvaluation(new EvaluationLine(
                    step,
                    number(numbers, "validation_loss"),
                    number(numbers, "perplexity"),
                    number(numbers, "bits_per_token"),
                    number(numbers, "bits_per_byte"),
                    best));
        } else if (numbers.containsKey("loss")) {
            history.addStep(new StepLine(
                    step,
                    number(numbers, "loss"),
                    number(numbers, "learning_rate"),
                    number(numbers, "gradient_norm"),
                    number(numbers, "tokens"),
                    number(numbers, "tokens_per_second")));
        } else {
            return false;
        }
        return true;
    }

    /** Returns a number, NaN if it is missing, null or too large for a double. */
    private static double number(Map<String, Double> numbers, String name) {
        return numbers.getOrDefault(name, Double.NaN);
    }

    private static List<String> texts(JsonParser json) {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getString());
        }
        return texts;
    }
}
