package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarksTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void trainStepLearnsAndRuns(int batchSize) {
        TrainStepBenchmark benchmark = new TrainStepBenchmark();
        benchmark.batchSize = batchSize;
        benchmark.setUp(); // throws if the loss does not fall
        assertTrue(Double.isFinite(benchmark.step()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7x16x16", "7x27x16", "768x128x128"})
    void matmulResultsAgree(String size) {
        MatmulBenchmark benchmark = new MatmulBenchmark();
        benchmark.size = size;
        benchmark.setUp(); // throws if the results differ
        assertTrue(Double.isFinite(benchmark.kernels()[0]));
    }
}
