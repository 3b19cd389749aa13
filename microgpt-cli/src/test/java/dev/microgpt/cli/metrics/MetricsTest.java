package dev.microgpt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    Path folder;

    @Test
    void eachEventIsOneLine() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(file, 0)) {
            metrics.onStep(new TrainingStep(1, 3.25, 0.01, 1.5, 8, 2_000_000));
            // 2 bits for each of 10 tokens, which stand for 5 bytes
            metrics.onEvaluation(new Evaluation(1, 2 * StrictMath.log(2), 10, 5, true));
            metrics.onSamples(1, List.of("anna", "\"</script>\"\n\uD83D\uDE00", ""));
        }
        assertEquals(
                List.of(
                        "{\"step\":1,\"loss\":3.25,\"learning_rate\":0.01,\"gradient_norm\":1.5,\"tokens\":8,"
                                + "\"tokens_per_second\":4000.0}",
                        "{\"step\":1,\"validation_loss\":1.3862943611198906,\"perplexity\":4.0,\"bits_per_token\":2.0,"
                                + "\"bits_per_byte\":4.0,\"best\":true}",
                        "{\"step\":1,\"samples\":[\"anna\",\"\\\"</script>\\\"\\n\uD83D\uDE00\",\"\"]}"),
                Files.readAllLines(file));
    }

    @Test
    void aLineIsThereAsSoonAsItIsWritten() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(file, 0)) {
            metrics.onSamples(7, List.of("anna"));
            assertEquals("{\"step\":7,\"samples\":[\"anna\"]}\n", Files.readString(file));
        }
    }

    @Test
    void halfASurrogatePairIsNoReasonToStop() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(file, 0)) {
            metrics.onSamples(1, List.of("a\uD83Db"));
        }
        assertEquals("{\"step\":1,\"samples\":[\"a?b\"]}\n", Files.readString(file));
    }

    @Test
    void numbersThatJsonDoesNotKnowAreNull() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(file, 0)) {
            metrics.onStep(new TrainingStep(1, 3.25, 0.01, 1.5, 8, 0));
            metrics.onEvaluation(new Evaluation(1, 1000, 1, 1, true));
        }
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.get(0).endsWith("\"tokens_per_second\":8.0E9}"), lines.get(0));
        assertTrue(lines.get(1).contains("\"perplexity\":null,"), lines.get(1));
    }
}
