package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecentMeanTest {
    /** Ten roundings of numbers below 4. */
    private static final double ROUNDING = 10 * Math.ulp(4.0);

    private final RecentMean mean = new RecentMean();

    @Test
    void thereIsNoneWithoutANumber() {
        assertTrue(Double.isNaN(mean.value()));
    }

    @Test
    void itBeginsWithTheFirstNumberAndNotNearZero() {
        mean.add(3.25);
        assertEquals(3.25, mean.value(), ROUNDING);
        mean.add(1.25);
        // weights 0.95 and 1
        assertEquals((0.95 * 3.25 + 1.25) / 1.95, mean.value(), ROUNDING);
    }

    @Test
    void afterAStepItHasGoneTwoThirdsOfTheWayIn20Numbers() {
        for (int i = 0; i < 1000; i++) {
            mean.add(1);
        }
        for (int i = 0; i < 20; i++) {
            mean.add(0);
        }
        assertEquals(Math.pow(0.95, 20), mean.value(), 1e-12);
    }
}
