package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void theLineBeginsAtTheFirstRateAndReachesZeroAfterTheLastStep() {
        LearningRate rate = LearningRate.linearDecay(0.01, 1000);
        assertEquals(0.01, rate.at(0));
        assertEquals(0.005, rate.at(500));
        assertEquals(1e-5, rate.at(999), 1e-18);
        assertEquals(0, rate.at(1000));
    }

    @Test
    void everyRateIsTheFormulaOfMicrogptBitForBit() {
        for (int steps : new int[] {1, 3, 7, 1000}) {
            LearningRate rate = LearningRate.linearDecay(0.01, steps);
            for (int step = 0; step < steps; step++) {
                assertEquals(0.01 * (1 - step / (double) steps), rate.at(step));
            }
        }
    }

    @Test
    void aRateIsNeverNegativeNotEvenBeyondTheRun() {
        LearningRate rate = LearningRate.linearDecay(0.01, 10);
        for (int step = 0; step < 30; step++) {
            assertTrue(rate.at(step) >= 0, "the rate of step " + step + " is " + rate.at(step));
        }
    }

    @Test
    void ratesAndStepsOutOfRangeAreRefused() {
        for (double first : new double[] {0, -0.0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> LearningRate.linearDecay(first, 10));
            assertEquals("learning rate is " + first + ", but must be positive and finite", e.getMessage());
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> LearningRate.linearDecay(0.01, 0));
        assertEquals("steps is 0, but must be at least 1", e.getMessage());
    }
}
