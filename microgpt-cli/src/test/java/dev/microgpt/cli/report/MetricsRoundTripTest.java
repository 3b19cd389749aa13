package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.metrics.Metrics;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.internal.metrics.SamplesLine;
import dev.microgpt.train.internal.metrics.StepLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** All metrics that a run writes are read again, with the same bits. */
class MetricsRoundTripTest {
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261_129);
    private static final int STEPS = 300;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    private double number() {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : random.nextBoolean() ? Double.MIN_VALUE : Double.MAX_VALUE;
    }

    /** A text with any characters but lone surrogates. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(30); left > 0; left--) {
            int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? '"' : codePoint);
        }
        return text.toString();
    }

    @Test
    void everyLineIsReadAgain(TestReporter reporter) throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        List<StepLine> steps = new ArrayList<>();
        List<EvaluationLine> evaluations = new ArrayList<>();
        List<SamplesLine> samples = new ArrayList<>();
        try (Metrics metrics = new Metrics(file, 0)) {
            for (int step = 1; step <= STEPS; step++) {
                int number = step == STEPS ? Integer.MAX_VALUE : step;
                long nanos = 1 + random.nextInt(1 << 30);
                TrainingStep line = new TrainingStep(number, number(), number(), number(), step, nanos);
                metrics.onStep(line);
                double speed = step * 1e9 / nanos;
                steps.add(new StepLine(number, line.loss(), line.learningRate(), line.gradientNorm(), step, speed));
                if (random.nextInt(3) == 0) {
                    Evaluation evaluation =
                            new Evaluation(number, Math.abs(number()), 1 + random.nextInt(99), 1, random.nextBoolean());
                    metrics.onEvaluation(evaluation);
                    evaluations.add(new EvaluationLine(
                            number,
                            evaluation.loss(),
                            orMissing(evaluation.perplexity()),
                            orMissing(evaluation.bitsPerToken()),
                            orMissing(evaluation.bitsPerByte()),
                            evaluation.best()));
                }
                if (random.nextInt(3) == 0) {
                    SamplesLine texts = new SamplesLine(number, List.of(text(), text(), ""));
                    metrics.onSamples(number, texts.texts());
                    samples.add(texts);
                }
            }
        }
        History read = new MetricsReader(file).read();
        assertEquals(0, read.unreadableLines(), "seed " + SEED);
        assertEquals(steps, read.steps, "seed " + SEED);
        assertEquals(evaluations, read.evaluations, "seed " + SEED);
        assertEquals(samples, read.samples, "seed " + SEED);
        String figure = steps.size() + " steps, " + evaluations.size() + " evaluations and " + samples.size()
                + " sets of samples with random content written and read again, all equal (seed " + SEED + ")";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, out -> Files.writeString(out, figure));
    }

    /** JSON has no infinity. */
    private static double orMissing(double number) {
        return Double.isFinite(number) ? number : Double.NaN;
    }
}
