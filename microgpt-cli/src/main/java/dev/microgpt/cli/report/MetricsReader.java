package dev.microgpt.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a file of metrics, each time from where it stopped before.
 *
 * <p>A last line without its end is left for the next time: it is being written, or a crash cut it. Any other line that
 * is not metrics is counted and passed over, such as one that a crash cut and a later run continued.
 */
final class MetricsReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private History history = new History();
    private long position;

    MetricsReader(Path file) {
        this.file = file;
    }

    /** The name to be shown. */
    String fileName() {
        return String.valueOf(file.getFileName());
    }

    /** Returns all that was read until now; the next call adds to the same object. */
    History read() throws IOException {
        if (Files.size(file) < position) { // another file has taken its place
            history = new History();
            position = 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
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

    /** Reads all lines that are complete, moves the rest to the front and returns its size. */
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

    /** Adds what the object says to the history, or returns false if it is not one of the three that are known. */
    private boolean readObject(JsonParser json) {
        int step = -1;
        double loss = Double.NaN;
        double learningRate = Double.NaN;
        double gradientNorm = Double.NaN;
        double tokensPerSecond = Double.NaN;
        double validationLoss = Double.NaN;
        double perplexity = Double.NaN;
        double bitsPerToken = Double.NaN;
        double bitsPerByte = Double.NaN;
        List<String> samples = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "step" -> step = json.getIntValue();
                case "loss" -> loss = number(json);
                case "learning_rate" -> learningRate = number(json);
                case "gradient_norm" -> gradientNorm = number(json);
                case "tokens_per_second" -> tokensPerSecond = number(json);
                case "validation_loss" -> validationLoss = number(json);
                case "perplexity" -> perplexity = number(json);
                case "bits_per_token" -> bitsPerToken = number(json);
                case "bits_per_byte" -> bitsPerByte = number(json);
                case "samples" -> samples = json.currentToken() == JsonToken.START_ARRAY ? texts(json) : null;
                default -> json.skipChildren();
            }
        }
        if (step < 0) {
            return false;
        }
        if (samples != null) {
            history.addSamples(new SamplesLine(step, samples));
        } else if (!Double.isNaN(validationLoss)) {
            history.addEvaluation(new EvaluationLine(step, validationLoss, perplexity, bitsPerToken, bitsPerByte));
        } else if (!Double.isNaN(loss)) {
            history.addStep(step, loss, learningRate, gradientNorm, tokensPerSecond);
        } else {
            return false;
        }
        return true;
    }

    /** The number, or NaN for null and for one that is too large for a double. */
    private static double number(JsonParser json) {
        double value = json.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : json.getDoubleValue();
        return Double.isFinite(value) ? value : Double.NaN;
    }

    private static List<String> texts(JsonParser json) {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getString());
        }
        return texts;
    }
}
