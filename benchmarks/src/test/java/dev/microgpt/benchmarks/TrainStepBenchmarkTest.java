package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainStepBenchmarkTest {
    /** Without BIG, which takes seconds a step and differs from NANO only in its sizes. */
    @ParameterizedTest
    @EnumSource(names = {"MICRO_1", "MICRO_32", "NANO"})
    void stepOnTheTapeEqualsTheHandWrittenStep(Workload workload) {
        TrainStepBenchmark benchmark = new TrainStepBenchmark();
        benchmark.workload = workload;
        benchmark.setUp(); // throws if a loss or a weight differs
        assertTrue(Double.isFinite(benchmark.tapeScalar()));
        assertTrue(Double.isFinite(benchmark.handWrittenScalar()));
    }

    @Test
    void bothLearn() {
        TrainStepBenchmark benchmark = new TrainStepBenchmark();
        benchmark.workload = Workload.MICRO_32;
        benchmark.setUp();
        double first = benchmark.handWrittenScalar();
        double last = first;
        for (int i = 0; i < 100; i++) {
            last = benchmark.handWrittenScalar();
        }
        assertTrue(last < first, "the loss is " + first + " initially, and " + last + " after 100 steps");
    }

    @ParameterizedTest
    @EnumSource
    void workloadHasTheVocabularyAndTheLengthsOfItsModel(Workload workload) {
        var batch = workload.batcher(workload.batchSize()).batch(0);
        assertEquals(workload.batchSize(), batch.sequences().count());
        assertTrue(batch.sequences().longest() <= workload.config().blockSize());
        for (int id : batch.ids()) {
            assertTrue(id < workload.config().vocabSize(), "token " + id);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NANO", "BIG"})
    void everySequenceOfTheLargerModelsFillsTheBlock(Workload workload) {
        var batch = workload.batcher(workload.batchSize()).batch(1);
        assertEquals(
                workload.batchSize() * workload.config().blockSize(),
                batch.sequences().rows());
    }
}
