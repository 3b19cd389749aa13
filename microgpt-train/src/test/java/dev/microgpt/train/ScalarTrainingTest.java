package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole runs of other shapes, seeds and batches than the recorded one, against the same run over single numbers.
 *
 * <p>200 steps, for training amplifies noise: Adam divides by roots of squares, and a model of 2 layers of 32 channels
 * is 6e-11 apart by step 1,000.
 */
class ScalarTrainingTest {
    private static final double TOLERANCE = 1e-12;

    static Stream<Arguments> runs() {
        return Stream.of(
                Arguments.of(200, GptConfig.microgpt(2).withSizes(2, 2, 8, 8), settings(200, 1, 7)),
                Arguments.of(200, GptConfig.microgpt(2).withSizes(1, 4, 16, 5), settings(200, 1, 123_456_789_012L)),
                Arguments.of(30, GptConfig.microgpt(2).withSizes(1, 4, 16, 16), settings(30, 3, 5)),
                Arguments.of(
                        40,
                        GptConfig.microgpt(2).withSizes(3, 3, 6, 4),
                        new TrainingConfig(60, 2, 0.003, 0, 0.9, 1e-6, 0)),
                Arguments.of(
                        60,
                        GptConfig.microgpt(2).withSizes(1, 1, 4, 16),
                        new TrainingConfig(60, 1, 0.05, 0.9, 0.999, 1e-8, -1)));
    }

    static Stream<Arguments> longRuns() {
        return Stream.of(
                Arguments.of(200, GptConfig.microgpt(2).withSizes(2, 4, 32, 16), settings(1000, 1, 42)),
                Arguments.of(200, GptConfig.microgpt(2).withSizes(1, 4, 16, 16), settings(1000, 8, 1)));
    }

    private static TrainingConfig settings(int steps, int batchSize, long seed) {
        TrainingConfig microgpt = TrainingConfig.microgpt();
        return new TrainingConfig(
                steps,
                batchSize,
                microgpt.schedule().learningRate(),
                microgpt.adam().beta1(),
                microgpt.adam().beta2(),
                microgpt.adam().eps(),
                seed);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void lossesAndSamplesAreThoseOfTheScalarRun(
            int steps, GptConfig shape, TrainingConfig training, TestReporter reporter) throws IOException {
        List<String> documents = MicrogptRun.bundledNames();
        ScalarTraining expected = new ScalarTraining(documents, shape, training).train(steps);
        MicrogptRun actual = new MicrogptRun(documents, shape, training);
        actual.trainer.run(steps);

        assertEquals(steps, actual.losses.size());
        double worst = Distance.absolute(array(actual.losses), array(expected.losses));
        assertTrue(worst <= TOLERANCE, "the losses are " + worst + " apart");
        assertEquals(expected.samples(20, 0.5), actual.samples(20, 0.5));
        assertEquals(expected.samples(20, 1.0), actual.samples(20, 1.0));
        reporter.publishEntry("worst difference", Double.toString(worst));
    }

    @ParameterizedTest
    @MethodSource("longRuns")
    @Tag("slow")
    void lossesAndSamplesOfLargerModelsAreThoseOfTheScalarRun(
            int steps, GptConfig shape, TrainingConfig training, TestReporter reporter) throws IOException {
        lossesAndSamplesAreThoseOfTheScalarRun(steps, shape, training, reporter);
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(number -> number).toArray();
    }
}
