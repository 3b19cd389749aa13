package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark verifies its results in its set-up and throws if one is wrong. */
class ModelBenchmarksTest {
    /** Without LARGE, which needs gigabytes and differs only in its sizes. */
    @ParameterizedTest
    @EnumSource(names = {"MICRO", "NANO"})
    void generationWithCacheEqualsGenerationWithout(GenerateBenchmark.Model model) {
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

    @ParameterizedTest
    @EnumSource
    void generationWithPackedWeightsEqualsAForwardPass(PackedGenerateBenchmark.Weights weights) {
        PackedGenerateBenchmark benchmark = new PackedGenerateBenchmark();
        benchmark.model = GenerateBenchmark.Model.MICRO;
        benchmark.weights = weights;
        benchmark.setUp();
        PackedGenerateBenchmark.Read read = new PackedGenerateBenchmark.Read();
        for (int i = 0; i < benchmark.model.config.blockSize(); i++) {
            benchmark.scalar(read);
        }
        assertEquals(weights.sequences * benchmark.model.config.blockSize(), read.tokens);
    }

    /** One row of each embedding table, the head, and 12·16² numbers of the layer, of 8 bytes each. */
    @Test
    void eachTokenReadsTheBytesOfAllWeights() {
        GenerateBenchmark benchmark = new GenerateBenchmark();
        benchmark.model = GenerateBenchmark.Model.MICRO;
        benchmark.setUp();
        GenerateBenchmark.Read read = new GenerateBenchmark.Read();
        benchmark.vector(read);
        assertEquals(8 * (16 + 16 + 27 * 16 + 12 * 16 * 16), read.weightBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"width:32", "context:16", "batch:1"})
    void scaledStepEqualsTheHandWrittenStep(String point) {
        ScalingBenchmark benchmark = new ScalingBenchmark();
        benchmark.point = point;
        benchmark.setUp();
        assertTrue(Double.isFinite(benchmark.oneThread()));
        assertTrue(Double.isFinite(benchmark.twoThreads()));
    }

    @Test
    void theLinesOfATextHaveTheScoresOfEachAlone() throws IOException {
        ScoreBenchmark benchmark = new ScoreBenchmark();
        benchmark.setUp();
        assertEquals(ScoreBenchmark.LINES, benchmark.scalar().size());
    }

    @Test
    void nanoGptStartsWithTheLossOfGuessingAndLearns() {
        NanoGptStepBenchmark benchmark = new NanoGptStepBenchmark();
        benchmark.setUp();
        assertTrue(Double.isFinite(benchmark.tapeScalar()));
    }
}
