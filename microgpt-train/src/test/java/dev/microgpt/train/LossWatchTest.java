package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which losses show that a run does not learn. Guessing among 27 tokens has the loss 3.296. */
class LossWatchTest {
    private static LossWatch watch(int steps, IntToDoubleFunction loss) {
        LossWatch watch = new LossWatch(27, false);
        add(watch, steps, loss);
        return watch;
    }

    private static void add(LossWatch watch, int steps, IntToDoubleFunction loss) {
        for (int i = 0; i < steps; i++) {
            watch.onStep(new TrainingStep(i + 1, loss.applyAsDouble(i), 0.01, 1, 7, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 4e17", "3, 80", "10, 80", "50, 4e17", "1000, 80", "1000, 4.5", "20, 4.5"})
    void aLossFarAboveGuessingAndTheFirstIsFarOff(int steps, double loss) {
        LossWatch watch = watch(steps, i -> i == 0 ? 3.4 : loss);
        assertTrue(watch.isFarOff());
        assertEquals(3.4, watch.firstLoss());
        assertEquals(3.2958, watch.guessingLoss(), 1e-4);
    }

    @Test
    void onlyRecentLossesCount() {
        assertFalse(watch(400, i -> i > 10 && i < 300 ? 80 : 3).isFarOff(), "the run has recovered");
        LossWatch watch = watch(400, i -> i < 300 ? 2 : 80);
        assertTrue(watch.isFarOff(), "the run had learned before");
        assertEquals(80 - 78 * Math.pow(0.95, 100), watch.recentLoss(), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3.4, 80", // the first loss alone
        "0, 3.4, 80",
        "2, 3.4, 9", // an unusual document
        "8, 3.4, 5.5",
        "1000, 3.4, 4.2", // no better than guessing, but not far from it
        "1000, 80, 79", // an initialization that is far off, and hardly learns
        "1000, 8, 8.9",
        "1000, 0.7, 3.9" // a fine-tuned model that has lost what it knew
    })
    void otherLossesAreNot(int steps, double first, double others) {
        assertFalse(watch(steps, i -> i == 0 ? first : others).isFarOff());
    }

    /** Batches of one name: losses of up to 6, around a mean that falls from 3.3 to 2.4. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseIsNotFarOffAtAnyStep(long seed) {
        Random random = new Random(seed);
        LossWatch watch = new LossWatch(27, false);
        for (int i = 0; i < 2000; i++) {
            double mean = Math.max(2.4, 3.3 - i / 200.0);
            double loss = Math.max(0.5, Math.min(6, mean + 0.7 * random.nextGaussian()));
            add(watch, 1, step -> loss);
            assertFalse(watch.isFarOff(), "step " + i);
        }
    }

    @Test
    void aResumedRunIsComparedWithGuessing() {
        LossWatch watch = new LossWatch(27, true);
        add(watch, 20, i -> 80);
        assertTrue(watch.isFarOff());
        LossWatch learning = new LossWatch(27, true);
        add(learning, 20, i -> 2.5);
        assertFalse(learning.isFarOff());
    }

    @Test
    void realRunsAreOnlyFarOffIfTheyDiverge() throws IOException {
        List<String> names = MicrogptRun.bundledNames().subList(0, 400);
        for (double rate : new double[] {0.001, 0.01, 0.05, 1e5}) {
            TrainingConfig training = new TrainingConfig(60, 1, rate, 0.85, 0.99, 1e-8, 42);
            MicrogptRun run = new MicrogptRun(names, GptConfig.microgpt(2).withSizes(1, 2, 8, 8), training);
            LossWatch watch = new LossWatch(run.tokenizer.vocabSize(), false);
            run.trainer.addListener(watch);
            for (int step = 1; step <= 60; step++) {
                run.trainer.run(step);
                assertFalse(rate < 1 && watch.isFarOff(), rate + ", step " + step);
            }
            assertEquals(rate > 1, watch.isFarOff(), rate + ": " + watch.recentLoss());
        }
    }

    @Test
    void anEmptyVocabularyIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new LossWatch(0, false));
        assertEquals("loss watch: the vocabulary has 0 tokens, but must have at least 1", e.getMessage());
    }
}
