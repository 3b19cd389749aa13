package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A step in parts is the step as a whole. The model uses every weight once in a forward pass, so each gradient is one
 * chain of sums over the tokens in their order, and where it is interrupted makes no difference to any bit.
 */
class MicroBatchTest {
    private static final int SEQUENCES = 12;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 12})
    void gradientsInPartsAreThoseOfOneBatchBitForBit(int parts) {
        for (long seed = 0; seed < 10; seed++) {
            GptConfig config = seed % 2 == 0
                    ? GptConfig.microgpt(27)
                    : GptConfig.microgpt(13).withSizes(2, 3, 9, 11);
            List<int[]> sequences = sequences(config, seed);
            Gpt whole = gpt(config, seed);
            Batch batch = Batch.forTraining(sequences);
            double loss = trainer(whole).addGradients(batch, batch.targets().length);

            Gpt split = gpt(config, seed);
            Trainer trainer = trainer(split);
            double sumOfParts = 0;
            for (int part = 0; part < parts; part++) {
                List<int[]> some = sequences.subList(SEQUENCES * part / parts, SEQUENCES * (part + 1) / parts);
                sumOfParts += trainer.addGradients(Batch.forTraining(some), batch.targets().length);
            }

            assertEquals(loss, sumOfParts, 1e-15 * loss * parts, "seed " + seed);
            List<Parameter> expected = whole.parameters().all();
            for (int i = 0; i < expected.size(); i++) {
                Parameter actual = split.parameters().all().get(i);
                // compares bits: a tolerance of zero would take 0.0 for −0.0
                assertArrayEquals(expected.get(i).grad(), actual.grad(), actual + ", seed " + seed);
            }
        }
    }

    @Test
    void theDenominatorScalesLossAndGradients() {
        GptConfig config = GptConfig.microgpt(27);
        List<int[]> sequences = sequences(config, 5);
        Batch batch = Batch.forTraining(sequences);
        Gpt mean = gpt(config, 5);
        double loss = trainer(mean).addGradients(batch, 64);
        Gpt half = gpt(config, 5);
        double halfLoss = trainer(half).addGradients(batch, 128);
        assertEquals(loss / 2, halfLoss);
        double[] gradient = mean.parameters().get("wte").grad();
        double[] halfGradient = half.parameters().get("wte").grad();
        for (int i = 0; i < gradient.length; i++) {
            assertEquals(gradient[i] / 2, halfGradient[i]);
        }
    }

    @Test
    void aStepWithoutTargetsIsRefused() {
        Gpt gpt = gpt(GptConfig.microgpt(27), 1);
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2}));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> trainer(gpt).addGradients(batch, 0));
        assertEquals("crossEntropy: denominator is 0.0, but must be positive and finite", e.getMessage());
    }

    private static Gpt gpt(GptConfig config, long seed) {
        return new Gpt(config, Parameters.drawnFrom(new PythonRandom(seed)));
    }

    private static Trainer trainer(Gpt gpt) {
        Batcher unused = new Batcher(List.of("a"), CharTokenizer.ofAlphabet("a"), 1, 1);
        return new Trainer(
                gpt, unused, new Adam(gpt.parameters().all(), 0.85, 0.99, 1e-8), LearningRate.linearDecay(0.01, 1));
    }

    private static List<int[]> sequences(GptConfig config, long seed) {
        Random random = new Random(seed);
        List<int[]> sequences = new ArrayList<>();
        for (int s = 0; s < SEQUENCES; s++) {
            int length = 2 + random.nextInt(config.blockSize());
            sequences.add(random.ints(length, 0, config.vocabSize()).toArray());
        }
        return sequences;
    }
}
