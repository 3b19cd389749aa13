package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.PythonRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each verifies its results in its set-up and throws if one is wrong. */
class ModelBenchmarksTest {
    /** LARGE needs gigabytes, and differs in nothing but numbers. */
    @ParameterizedTest
    @EnumSource(names = {"MICRO", "NANO"})
    void generationWithACacheEqualsThatWithout(GenerateBenchmark.Model model) {
        GenerateBenchmark benchmark = new GenerateBenchmark();
        benchmark.model = model;
        benchmark.setUp();
        GenerateBenchmark.Read read = new GenerateBenchmark.Read();
        for (int i = 0; i < model.config.blockSize(); i++) { // beyond the end of the cache
            int token = benchmark.scalar(read);
            assertTrue(token >= 0 && token < model.config.vocabSize(), "token " + token);
        }
        assertTrue(read.weightBytes > 0);
    }

    /** A row of each table, the head, and 12·16² numbers of the layer, of 8 bytes each. */
    @Test
    void bytesOfATokenAreThoseOfTheWeights() {
        GenerateBenchmark benchmark = new GenerateBenchmark();
        benchmark.model = GenerateBenchmark.Model.MICRO;
        benchmark.setUp();
        GenerateBenchmark.Read read = new GenerateBenchmark.Read();
        benchmark.vector(read);
        assertEquals(8 * (16 + 16 + 27 * 16 + 12 * 16 * 16), read.weightBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"width:32", "context:16", "batch:1"})
    void scaledStepEqualsThatWrittenByHand(String point) {
        ScalingBenchmark benchmark = new ScalingBenchmark();
        benchmark.point = point;
        benchmark.setUp();
        assertTrue(Double.isFinite(benchmark.oneThread()));
        assertTrue(Double.isFinite(benchmark.twoThreads()));
    }

    @Test
    void nanoGptStartsByGuessingAndLearns() {
        NanoGptStepBenchmark benchmark = new NanoGptStepBenchmark();
        benchmark.setUp();
        assertTrue(Double.isFinite(benchmark.tapeScalar()));
    }

    @Test
    void gradientsOfNanoGptAreRight() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        NanoGptModel model = new NanoGptModel(new GptConfig(5, 1, 2, 8, 4), parameters);
        Batch batch = Batch.forTraining(List.of(new int[] {0, 3, 1, 4}, new int[] {2, 0}));
        Random random = new Random(1);
        for (Parameter parameter : parameters.all()) {
            // the first weights of nanoGPT are so small that the gradients of attention are little more than noise
            Arrays.setAll(parameter.data(), i -> 0.5 * random.nextGaussian());
        }
        GradientCheck.kinked()
                .check(
                        "nanoGPT",
                        tape -> tape.crossEntropy(model.forward(tape, batch), batch.targets()),
                        parameters.all());
    }

    @Test
    void nanoGptHasTheParametersOfItsShape() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        GptConfig config = Workload.NANO.config();
        new NanoGptModel(config, parameters);
        int c = config.nEmbd();
        // the head is the token table; two gains a layer and one at the end
        assertEquals((65 + 64) * c + 4 * 12 * c * c + 9 * c, parameters.count());
    }
}
