package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecentSpeedTest {
    private static final long MILLI = 1_000_000;
    private static final double ROUNDING = 1e-12;

    private final RecentSpeed speed = new RecentSpeed(5);

    @Test
    void equalStepsGiveTheirSpeed() {
        for (int i = 0; i < 100; i++) {
            speed.add(512, 100 * MILLI);
            assertEquals(5120, speed.tokensPerSecond(), 5120 * ROUNDING);
            assertEquals(0.1, speed.secondsPerStep(), ROUNDING);
        }
    }

    @Test
    void theFirstStepCountsOnlyUntilThereIsAnother() {
        speed.add(100, 1000 * MILLI);
        assertEquals(100, speed.tokensPerSecond(), 100 * ROUNDING);
        speed.add(100, 100 * MILLI);
        assertEquals(1000, speed.tokensPerSecond(), 1000 * ROUNDING);
        speed.add(100, 200 * MILLI);
        assertTrue(speed.tokensPerSecond() < 700, "the second counts further");
    }

    @Test
    void whatIsLongAgoHardlyCounts() {
        speed.add(1, MILLI);
        for (int i = 0; i < 1000; i++) {
            speed.add(1000, 10 * MILLI);
        }
        for (int i = 0; i < 250; i++) {
            speed.add(1000, 100 * MILLI);
        }
        // 25 s after the change, with a window of 5 s, e⁻⁵ = 0.7 % of the old sums are left
        assertEquals(10_000, speed.tokensPerSecond(), 10_000 * 0.07);
        assertEquals(0.1, speed.secondsPerStep(), 0.1 * 0.07);
    }

    @Test
    void oneSlowStepAmongFastOnesIsNoHalt() {
        for (int i = 0; i < 1000; i++) {
            speed.add(1000, 10 * MILLI);
        }
        speed.add(1000, 500 * MILLI);
        // 5 s of the window and 0.5 s of the step
        assertEquals(0.011, speed.secondsPerStep(), 0.0005);
    }

    @Test
    void aClockThatStandsStillIsNoDivisionByZero() {
        speed.add(10, 0);
        assertEquals(10e9, speed.tokensPerSecond(), 1);
    }
}
