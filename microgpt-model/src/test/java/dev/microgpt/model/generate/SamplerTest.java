package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.random.PythonRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    @Test
    void atTemperatureZeroTheMostLikelyTokenIsTakenAndNothingIsDrawn() {
        PythonRandom random = new PythonRandom(1);
        PythonRandom.State before = random.state();
        assertEquals(2, new Sampler(0).next(new double[] {1, 2, 5, 3}, 0, 4, random));
        assertEquals(0, new Sampler(0).next(new double[] {-1, -2, NEVER}, 0, 3, random));
        assertEquals(before, random.state());
    }

    @Test
    void atTemperatureZeroTheFirstOfSeveralMostLikelyTokensIsTaken() {
        assertEquals(1, new Sampler(0).next(new double[] {1, 5, 3, 5, 5}, 0, 5, new PythonRandom(1)));
        assertEquals(0, new Sampler(0).next(new double[] {2, 2, 2}, 0, 3, new PythonRandom(1)));
        assertEquals(0, new Sampler(0).next(new double[] {-0.0, 0.0}, 0, 2, new PythonRandom(1)));
    }

    @Test
    void onlyTheGivenPartOfTheArrayIsLookedAt() {
        double[] logits = {99, 1, 3, 2, 99, Double.NaN};
        for (double temperature : new double[] {0, 0.01}) {
            assertEquals(1, new Sampler(temperature).next(logits, 1, 3, new PythonRandom(1)));
        }
    }

    @Test
    void onATieTheTokensAreEquallyLikely() {
        int[] counts = count(new Sampler(1), 40_000, 0.3, 0.3, 0.3, 0.3);
        for (int count : counts) {
            // 5 standard deviations of a binomial count
            assertEquals(10_000, count, 5 * Math.sqrt(40_000 * 0.25 * 0.75));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 1, 2.7})
    void tokensAreDrawnWithTheProbabilitiesOfTheSoftmax(double temperature) {
        double[] logits = {1.5, -0.5, 0.25, 3, 0};
        int draws = 100_000;
        int[] counts = count(new Sampler(temperature), draws, logits);
        double total = 0;
        for (double logit : logits) {
            total += Math.exp(logit / temperature);
        }
        for (int i = 0; i < logits.length; i++) {
            double p = Math.exp(logits[i] / temperature) / total;
            assertEquals(draws * p, counts[i], 5 * Math.sqrt(draws * p * (1 - p)), "token " + i);
        }
    }

    @Test
    void oneNumberIsDrawnForEachToken() {
        PythonRandom random = new PythonRandom(5);
        PythonRandom same = new PythonRandom(5);
        Sampler sampler = new Sampler(0.5);
        for (int i = 0; i < 100; i++) {
            sampler.next(new double[] {1, 2, 3}, 0, 3, random);
            same.random();
        }
        assertEquals(same.state(), random.state());
    }

    @Test
    void hugeScoresDoNotOverflow() {
        double[] logits = {1e300, 1e300 - 1e290, -1e300};
        assertEquals(0, new Sampler(1).next(logits, 0, 3, new PythonRandom(1)));
        assertEquals(0, new Sampler(0).next(logits, 0, 3, new PythonRandom(1)));
    }

    @Test
    void aTokenWithScoreMinusInfinityIsNeverDrawn() {
        int[] counts = count(new Sampler(2), 1000, NEVER, 1, NEVER);
        assertEquals(1000, counts[1]);
    }

    @Test
    void aSamplerThatHasSeenALargeVocabularyStillServesASmallOne() {
        Sampler sampler = new Sampler(1);
        sampler.next(new double[100], 0, 100, new PythonRandom(1));
        for (int i = 0; i < 1000; i++) {
            assertTrue(sampler.next(new double[2], 0, 2, new PythonRandom(i)) < 2);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void aScoreThatIsNotANumberIsRefused(double temperature) {
        for (int position = 0; position < 3; position++) {
            double[] logits = {1, 2, 3};
            logits[position] = Double.NaN;
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Sampler(temperature).next(logits, 0, 3, new PythonRandom(1)));
        }
    }

    @Test
    void theMessageAboutAScoreThatIsNotANumberNamesTheToken() {
        double[] logits = {1, Double.NaN};
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new Sampler(0).next(logits, 0, 2, new PythonRandom(1)));
        assertEquals(
                "sample: the logit of token 1 is NaN, but must be finite or -Infinity; the model has diverged or its"
                        + " weights are damaged",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void scoresOfWhichNoneIsFiniteAreRefused(double temperature) {
        double[] logits = {NEVER, NEVER};
        assertThrows(
                IllegalArgumentException.class, () -> new Sampler(temperature).next(logits, 0, 2, new PythonRandom(1)));
    }

    @Test
    void theSmallestTemperaturesTakeTheMostLikelyToken() {
        double[] logits = {1, 2, 1.5};
        for (double temperature : new double[] {1e-10, 1e-300, Double.MIN_NORMAL, Double.MIN_VALUE}) {
            assertEquals(
                    1, new Sampler(temperature).next(logits, 0, 3, new PythonRandom(1)), "temperature " + temperature);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void temperaturesOutOfRangeAreRefused(double temperature) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Sampler(temperature));
        assertEquals(
                "temperature is " + temperature + ", but must be 0 (always the most likely token) or more",
                e.getMessage());
    }

    private static int[] count(Sampler sampler, int draws, double... logits) {
        PythonRandom random = new PythonRandom(2026);
        int[] counts = new int[logits.length];
        for (int i = 0; i < draws; i++) {
            counts[sampler.next(logits, 0, logits.length, random)]++;
        }
        return counts;
    }
}
