package dev.microgpt.train.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    private static double[] draws(Random random, int count) {
        double[] draws = new double[count];
        Arrays.setAll(draws, i -> Math.round(8 * random.nextGaussian()) / 4.0); // with ties
        return draws;
    }

    @Test
    void thePValueCountsTheScoresThatAreAtLeastAsHigh() {
        double[] scores = draws(new Random(1), 101);
        Calibration calibration = new Calibration(scores);
        for (double score = -10; score <= 10; score += 0.125) {
            double line = score;
            long higher = Arrays.stream(scores).filter(s -> s >= line).count();
            assertEquals((1.0 + higher) / 102, calibration.pValue(score), "score " + score);
        }
        assertEquals(101, calibration.count());
    }

    /** ⌈(n + 1)(1 − α)⌉ with decimal α: 0.29 · 100 is 28.999999999999996 as a double. */
    @ParameterizedTest
    @ValueSource(strings = {"0.01", "0.05", "0.1", "0.07", "0.29", "0.5", "0.9", "0.003"})
    void theThresholdIsTheScoreOfThatRank(String alpha) {
        double share = Double.parseDouble(alpha);
        BigDecimal exact = BigDecimal.ONE.subtract(new BigDecimal(alpha));
        int fewest = -1;
        for (int n = 1; n < 500; n++) {
            double[] scores = draws(new Random(n), n);
            double rank = Math.ceil(exact.multiply(BigDecimal.valueOf(n + 1)).doubleValue());
            Calibration calibration = new Calibration(scores);
            if (rank > n) {
                String message = assertThrows(IllegalArgumentException.class, () -> calibration.threshold(share))
                        .getMessage();
                assertTrue(message.contains("needs at least " + Calibration.linesFor(share)), message);
                continue;
            }
            fewest = fewest < 0 ? n : fewest;
            Arrays.sort(scores);
            assertEquals(scores[(int) rank - 1], calibration.threshold(share), n + " lines");
        }
        assertEquals(Calibration.linesFor(share), fewest);
    }

    /** What is flagged is what has a p-value of at most α. */
    @Test
    void theThresholdAndThePValueAgree() {
        Calibration calibration = new Calibration(draws(new Random(2), 999));
        for (double alpha : new double[] {0.01, 0.05, 0.2}) {
            double threshold = calibration.threshold(alpha);
            for (double score = -10; score <= 10; score += 0.25) {
                assertEquals(calibration.pValue(score) <= alpha, score > threshold, "α " + alpha + ", score " + score);
            }
        }
    }

    /** On average over calibration sets: α, within three standard errors, and no more than a hundredth less. */
    @Test
    void theShareOfFalseAlarmsIsAlpha() {
        Random random = new Random(3);
        int n = 200;
        int m = 500;
        int sets = 400;
        double alpha = 0.1;
        double sum = 0;
        for (int i = 0; i < sets; i++) {
            double[] scores = new double[n];
            Arrays.setAll(scores, j -> random.nextGaussian());
            double threshold = new Calibration(scores).threshold(alpha);
            int flagged = 0;
            for (int j = 0; j < m; j++) {
                flagged += random.nextGaussian() > threshold ? 1 : 0;
            }
            sum += (double) flagged / m;
        }
        double error = Math.sqrt(alpha * (1 - alpha) * (1.0 / (n + 2) + 1.0 / m) / sets);
        assertEquals(alpha, sum / sets, 3 * error + 1.0 / (n + 1));
        assertTrue(sum / sets <= alpha + 3 * error, sum / sets + " false alarms");
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, Calibration::new);
        assertThrows(IllegalArgumentException.class, () -> new Calibration(1, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Calibration(1, Double.POSITIVE_INFINITY));
        for (double alpha : new double[] {0, 1, -1, 2, Double.NaN, 1e-12}) {
            assertThrows(IllegalArgumentException.class, () -> Calibration.linesFor(alpha), "α " + alpha);
        }
    }
}
