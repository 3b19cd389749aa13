package dev.microgpt.train.score;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promise of a calibration, kept by a model that was trained on other names than those it judges. */
class FalseAlarmTest {
    private static final int TRAINED_ON = 10_000;
    private static final int DRAWS = 20;
    private static final int LINES = 200; // n of each calibration
    private static final int FRESH = 500; // m new names for each

    @Test
    void theShareOfFalseAlarmsIsAtMostAlpha() throws IOException {
        List<String> names = Documents.read(Path.of("..", "data", "names.txt")).texts();
        new PythonRandom(7).shuffle(names);
        MicrogptRun run = new MicrogptRun(
                names.subList(0, TRAINED_ON),
                GptConfig.microgpt(2),
                TrainingConfig.microgpt().withSteps(300));
        run.train();
        TrainedModel model = new TrainedModel(run.gpt, run.tokenizer, DataFormat.DOCUMENTS);
        double[] scores = new LineScorer(model)
                .score(names.subList(TRAINED_ON, TRAINED_ON + DRAWS * (LINES + FRESH))).stream()
                        .mapToDouble(LineScore::bitsPerCharacter)
                        .toArray();
        for (double alpha : new double[] {0.02, 0.1}) {
            double sum = 0;
            for (int draw = 0; draw < DRAWS; draw++) {
                int from = draw * (LINES + FRESH);
                int to = from + LINES;
                double threshold = new Calibration(Arrays.copyOfRange(scores, from, to)).threshold(alpha);
                double flagged = Arrays.stream(scores, to, to + FRESH)
                        .filter(score -> score > threshold)
                        .count();
                sum += flagged / FRESH;
            }
            double mean = sum / DRAWS;
            double error = Math.sqrt(alpha * (1 - alpha) * (1.0 / (LINES + 2) + 1.0 / FRESH) / DRAWS);
            assertTrue(mean <= alpha + 3 * error, mean + " false alarms with α " + alpha);
            assertTrue(mean >= alpha - 1.0 / (LINES + 1) - 3 * error, mean + " false alarms with α " + alpha);
        }
    }
}
