package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossHistoryTest {
    private final LossHistory history = new LossHistory();

    private void step(int number, double loss, int tokens) {
        history.onStep(new TrainingStep(number, loss, 1e-3, 1, tokens, 1));
    }

    @Test
    void itBeginsEmpty() {
        assertEquals(0, history.lastStep());
        assertTrue(Double.isNaN(history.recentLoss()));
        assertTrue(Double.isNaN(history.lowestLoss()));
        assertArrayEquals(new double[0], history.curve());
    }

    /** Up to 128 steps each has a point; then each point is the mean of two steps, of four, and so on. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "128, 128, 1", "129, 65, 2", "256, 128, 2", "1000, 125, 8", "100000, 98, 1024"})
    void pointsAreMeansOfEquallyManySteps(int steps, int points, int stepsPerPoint) {
        for (int i = 1; i <= steps; i++) {
            step(i, i, 7);
        }
        double[] curve = history.curve();
        assertEquals(points, curve.length);
        double sum = 0;
        for (int i = 0; i < points; i++) {
            int first = i * stepsPerPoint + 1;
            int last = Math.min(steps, first + stepsPerPoint - 1);
            assertEquals((first + last) / 2.0, curve[i], 1e-9 * steps);
            assertEquals(first, history.firstStepOf(i));
            sum += curve[i] * (last - first + 1);
        }
        assertEquals(steps * (steps + 1.0) / 2, sum, 1e-9 * sum, "no step is lost");
        assertEquals(steps, history.lastStep());
    }

    @Test
    void theLowestMeanIsThatOf20StepsOrMore() {
        step(1, 0.1, 7); // a batch that is easy by chance
        for (int i = 2; i <= 100; i++) {
            step(i, Math.abs(i - 50) + 1, 7);
        }
        RecentMean expected = new RecentMean();
        expected.add(0.1);
        for (int i = 2; i <= history.lowestStep(); i++) {
            expected.add(Math.abs(i - 50) + 1);
        }
        assertEquals(expected.value(), history.lowestLoss());
        assertTrue(history.lowestStep() > 50 && history.lowestStep() < 80, "lowest at " + history.lowestStep());
        assertTrue(history.recentLoss() > history.lowestLoss());
    }

    @Test
    void aStepWithoutTargetsIsLeftOut() {
        step(1, 3, 7);
        step(2, 0, 0);
        assertArrayEquals(new double[] {3}, history.curve());
        assertEquals(1, history.lastStep());
    }
}
