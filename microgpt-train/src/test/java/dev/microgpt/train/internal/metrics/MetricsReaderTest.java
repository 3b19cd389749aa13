package dev.microgpt.train.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsReaderTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("metrics.jsonl");
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String step(int step, double loss) {
        return "{\"step\":" + step + ",\"loss\":" + loss + ",\"learning_rate\":0.01}\n";
    }

    private static String evaluation(int step, double loss, boolean best) {
        return "{\"step\":" + step + ",\"validation_loss\":" + loss + ",\"best\":" + best + "}\n";
    }

    private static List<String> lastSamples(History history) {
        return history.samples.get(history.samples.size() - 1).texts();
    }

    @Test
    void everyKindOfLineIsRead() throws IOException {
        append("{\"step\":1,\"loss\":3.40048653348905,\"learning_rate\":0.01,\"gradient_norm\":2.5,\"tokens\":7,"
                + "\"tokens_per_second\":3500.0}\n");
        append("{\"step\":1,\"validation_loss\":2.5,\"perplexity\":null,\"bits_per_token\":3.6,\"bits_per_byte\":3.7,"
                + "\"best\":true}\n");
        append("{\"step\":1,\"samples\":[\"a\\n\\u0000\",\"\"]}\n");
        History history = new MetricsReader(file).read();
        assertEquals(1, history.lastStep());
        assertEquals(3.40048653348905, history.steps.get(0).loss());
        assertEquals(0.01, history.steps.get(0).learningRate());
        assertEquals(2.5, history.steps.get(0).gradientNorm());
        assertEquals(7, history.steps.get(0).tokens());
        assertEquals(3500, history.steps.get(0).tokensPerSecond());
        assertEquals(List.of(new EvaluationLine(1, 2.5, Double.NaN, 3.6, 3.7, true)), history.evaluations);
        assertEquals(List.of("a\n\u0000", ""), lastSamples(history));
        assertEquals(0, history.unreadableLines());
    }

    @Test
    void aLastLineThatIsCutIsIgnoredUntilItIsWhole() throws IOException {
        append(step(1, 3.5) + "{\"step\":2,\"loss\":3.");
        MetricsReader reader = new MetricsReader(file);
        assertEquals(1, reader.read().lastStep());
        assertEquals(0, reader.read().unreadableLines());
        append("25}\n" + step(3, 3));
        History history = reader.read();
        assertEquals(3, history.steps.size());
        assertEquals(3.25, history.steps.get(1).loss());
        assertTrue(Double.isNaN(history.steps.get(1).learningRate()), "a field that is not there");
    }

    @Test
    void readingOnAddsOnlyWhatIsNew() throws IOException {
        MetricsReader reader = new MetricsReader(file);
        for (int step = 1; step <= 3000; step++) { // several buffers
            append(step(step, 1.0 / step));
            if (step % 1000 == 0) {
                assertEquals(step, reader.read().steps.size());
            }
        }
        History history = reader.read();
        assertEquals(3000, history.steps.size());
        for (int i = 0; i < 3000; i++) {
            assertEquals(i + 1, history.steps.get(i).step());
            assertEquals(1.0 / (i + 1), history.steps.get(i).loss());
        }
    }

    @Test
    void aLineMayBeLongerThanTheBuffer() throws IOException {
        String text = "x".repeat(300_000);
        append("{\"step\":5,\"samples\":[\"" + text + "\"]}\n" + step(6, 2));
        History history = new MetricsReader(file).read();
        assertEquals(List.of(text), lastSamples(history));
        assertEquals(6, history.lastStep());
    }

    @Test
    void linesThatAreNotMetricsAreCounted() throws IOException {
        // the second is what a crash and a run that went on leave behind
        append(step(1, 3.5) + "{\"step\":2,\"lo{\"step\":2,\"loss\":3.4}\n[1]\n\n{\"step\":9}\n" + step(3, 3.3));
        append("{\"step\":4,\"loss\":\n{\"step\":4,\"loss\":\"3.2\"}\n{\"step\":4,\"loss\":1e999}\n");
        History history = new MetricsReader(file).read();
        assertEquals(2, history.steps.size());
        assertEquals(7, history.unreadableLines());
    }

    /** At the end of a run, when a sample of the validation split has made it look better than it is. */
    @Test
    void theBestModelMayBeEvaluatedAgainAfterTheLast() throws IOException {
        append(evaluation(2, 3, true) + evaluation(4, 2, true) + evaluation(6, 2.2, false));
        append(evaluation(8, 2.6, false) + evaluation(4, 2.5, true));
        History history = new MetricsReader(file).read();
        assertEquals(
                List.of(3.0, 2.5, 2.2, 2.6),
                history.evaluations.stream().map(EvaluationLine::loss).toList());
        assertEquals(4, history.best().step());
    }

    @Test
    void stepsDoneOnceMoreTakeThePlaceOfTheFormer() throws IOException {
        append(step(1, 5) + step(2, 5) + "{\"step\":2,\"validation_loss\":5}\n" + step(3, 5));
        append("{\"step\":3,\"validation_loss\":4}\n{\"step\":3,\"samples\":[\"former\"]}\n");
        append(step(3, 6) + "{\"step\":3,\"samples\":[\"later\"]}\n");
        History history = new MetricsReader(file).read();
        assertEquals(3, history.steps.size());
        assertEquals(6, history.steps.get(2).loss());
        assertEquals(1, history.evaluations.size());
        assertEquals(5, history.evaluations.get(0).loss());
        assertEquals(1, history.samples.size());
        assertEquals(List.of("later"), lastSamples(history));
    }

    @Test
    void anotherFileInItsPlaceIsReadFromTheBeginning() throws IOException {
        append(step(1, 5) + step(2, 5) + step(3, 5));
        MetricsReader reader = new MetricsReader(file);
        reader.read();
        Files.writeString(file, step(1, 2));
        assertEquals(1, reader.read().steps.size());
        assertEquals(2, reader.read().steps.get(0).loss());
    }
}
