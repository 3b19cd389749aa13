package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.Schedule.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void theWarmUpRisesInEqualPartsAndReachesTheFullRateRightAfterIt(Kind kind) {
        LearningRate rate = new Schedule(kind, 0.06, 0.006, 5).over(100);
        for (int step = 0; step < 5; step++) {
            assertEquals(0.01 * (step + 1), rate.at(step), 1e-17);
        }
        assertEquals(0.06, rate.at(5), 1e-17);
    }

    @Test
    void theCosineIsHalfAWaveFromTheFullRateToTheLeast() {
        LearningRate rate = new Schedule(Kind.COSINE, 1e-3, 1e-4, 20).over(120);
        assertEquals(1e-3, rate.at(20), 1e-18);
        assertEquals(1e-4 + 0.9e-3 * (0.5 + Math.sqrt(2) / 4), rate.at(45), 1e-18);
        assertEquals(5.5e-4, rate.at(70), 1e-18);
        assertEquals(1e-4 + 0.9e-3 * (0.5 - Math.sqrt(2) / 4), rate.at(95), 1e-18);
        assertEquals(1e-4, rate.at(120));
    }

    @Test
    void theLineFallsByEqualParts() {
        LearningRate rate = new Schedule(Kind.LINEAR, 1e-3, 1e-4, 20).over(120);
        for (int step = 20; step < 120; step++) {
            assertEquals(1e-3 - 0.9e-5 * (step - 20), rate.at(step), 1e-18);
        }
    }

    @Test
    void theLineToZeroIsTheFormulaOfMicrogptBitForBit() {
        for (int steps : new int[] {1, 3, 7, 1000}) {
            LearningRate rate = new Schedule(Kind.LINEAR, 0.013, 0, 0).over(steps);
            for (int step = 0; step < steps; step++) {
                assertEquals(0.013 * (1 - (double) step / steps), rate.at(step));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CONSTANT, 0.01", "LINEAR, 0.001", "COSINE, 0.001"})
    void afterTheLastStepTheRateStaysWhereItEnds(Kind kind, double last) {
        for (int warmup : new int[] {0, 3, 10}) {
            LearningRate rate = new Schedule(kind, 0.01, 0.001, warmup).over(10);
            for (int step : new int[] {10, 11, 1000, Integer.MAX_VALUE}) {
                assertEquals(last, rate.at(step), "step " + step + ", warm-up " + warmup);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noRateLeavesTheRangeAndNoneRisesAfterTheWarmUp(Kind kind) {
        for (int warmup : new int[] {0, 1, 50, 100}) {
            LearningRate rate = new Schedule(kind, 0.3, 0.1, warmup).over(100);
            for (int step = warmup; step < 100; step++) {
                double now = rate.at(step);
                assertTrue(now >= 0.1 && now <= 0.3, kind + " gives " + now + " in step " + step);
                assertTrue(rate.at(step + 1) <= now, kind + " rises after step " + step);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRunThatIsShorterThanTheWarmUpEndsInIt(Kind kind) {
        LearningRate rate = new Schedule(kind, 1, 0, 99).over(10);
        for (int step = 0; step < 10; step++) {
            assertEquals((step + 1) / 100.0, rate.at(step));
        }
        assertTrue(new Schedule(kind, 1, 0, Integer.MAX_VALUE).over(10).at(0) > 0, "the longest warm-up");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0        | 0    | 0  | learning rate is 0.0, but must be positive and finite
        NaN      | 0    | 0  | learning rate is NaN, but must be positive and finite
        Infinity | 0    | 0  | learning rate is Infinity, but must be positive and finite
        0.01     | -0.1 | 0  | minimum learning rate is -0.1, but must be finite and at least 0
        0.01     | NaN  | 0  | minimum learning rate is NaN, but must be finite and at least 0
        0.01     | 0.02 | 0  | minimum learning rate is 0.02, but must be at most the learning rate, which is 0.01
        0.01     | 0    | -1 | warm-up steps is -1, but must be at least 0
        """)
    void numbersOutOfRangeAreRefusedByName(double learningRate, double minLr, int warmup, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new Schedule(Kind.COSINE, learningRate, minLr, warmup));
        assertEquals(message, e.getMessage());
    }

    @Test
    void aRunWithoutStepsIsRefused() {
        Schedule schedule = new Schedule(Kind.COSINE, 0.01, 0, 0);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> schedule.over(0));
        assertEquals("steps is 0, but must be at least 1", e.getMessage());
    }
}
