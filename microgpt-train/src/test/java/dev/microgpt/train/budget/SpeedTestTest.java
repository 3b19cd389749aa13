package dev.microgpt.train.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTestTest {
    /** A batch that takes 20 ms to make: no time is asserted but the one that the test itself makes pass. */
    @Test
    void aStepIsTimedWithItsBatchAndAtLeastTwoAreDone() {
        Gpt gpt = new Gpt(GptConfig.microgpt(5), Parameters.drawnFrom(new PythonRandom(1)));
        Adam adam = new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8);
        Trainer trainer = new Trainer(gpt, (step, part, parts) -> slow(), adam, LearningRate.linearDecay(0.01, 1000));
        double seconds = SpeedTest.secondsPerStep(trainer, Duration.ofMillis(1), 100);
        assertTrue(seconds >= 0.02, seconds + " s");
        assertTrue(trainer.step() >= 2, trainer.step() + " steps");
        trainer = new Trainer(gpt, (step, part, parts) -> slow(), adam, LearningRate.linearDecay(0.01, 1000));
        SpeedTest.secondsPerStep(trainer, Duration.ofHours(1), 4);
        assertEquals(4, trainer.step());
    }

    private static Batch slow() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return Batch.forTraining(List.of(new int[] {1, 2, 3}));
    }
}
