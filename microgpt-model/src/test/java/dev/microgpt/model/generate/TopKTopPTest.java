package dev.microgpt.model.generate;

import static dev.microgpt.model.generate.SamplingConfig.ALL_PROBABILITY;
import static dev.microgpt.model.generate.SamplingConfig.ALL_TOKENS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Top-k and top-p, compared with a reference that sorts all tokens. */
class TopKTopPTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    @Test
    void theDistributionIsThatOfTheDefinition() {
        Random random = new Random(20260212);
        int narrowed = 0;
        for (int trial = 0; trial < 4000; trial++) {
            double[] logits = logits(1 + random.nextInt(40), random);
            SamplingConfig config = config(logits.length, random);
            double[] expected = reference(logits, config);
            double[] actual = distribution(logits, config);
            for (int i = 0; i < logits.length; i++) {
                // an exponential, a sum of 40 and a quotient: some 45 roundings of 1.1e-16 of at most 1
                assertEquals(expected[i], actual[i], 1e-14, "trial " + trial + ", token " + i + ", " + config);
                assertEquals(expected[i] == 0, actual[i] == 0, "trial " + trial + ", token " + i + ", " + config);
            }
            narrowed += Arrays.stream(actual).anyMatch(weight -> weight == 0) ? 1 : 0;
        }
        assertTrue(narrowed > 2000, "only " + narrowed + " trials left out a token");
    }

    @Test
    void theSameDrawGivesTheSameToken() {
        Random random = new Random(7);
        for (int seed = 0; seed < 2000; seed++) {
            double[] logits = logits(2 + random.nextInt(40), random);
            SamplingConfig config = config(logits.length, random);
            PythonRandom drawn = new PythonRandom(seed);
            PythonRandom same = new PythonRandom(seed);
            int expected = same.choices(reference(logits, config), logits.length);
            assertEquals(expected, new Sampler(config).next(logits, 0, logits.length, drawn), "seed " + seed);
            assertEquals(same.state(), drawn.state(), "one number a token");
        }
    }

    @Test
    void probabilitiesAreThoseOfTheDraw() {
        double[] logits = {9, 1, 3, 2};
        Sampler sampler = new Sampler(new SamplingConfig(0.7, 2, ALL_PROBABILITY));
        double[] p = sampler.probabilities(logits, 1, 3);
        assertArrayEquals(distribution(new double[] {1, 3, 2}, sampler.config()), p);
        sampler.next(logits, 0, 3, new PythonRandom(1)); // of as many logits, so that no array is replaced
        assertEquals(0, p[0], "a copy, which the next draw leaves as it is");
        assertArrayEquals(new double[] {0, 1, 0}, new Sampler(0).probabilities(logits, 1, 3));
    }

    @Test
    void aLargeVocabularyIsNoOther() {
        Random random = new Random(11);
        double[] logits = random.doubles(50_257, -8, 8).toArray();
        for (SamplingConfig config : List.of(
                new SamplingConfig(0.8, 200, ALL_PROBABILITY),
                new SamplingConfig(1, ALL_TOKENS, 0.9),
                new SamplingConfig(0.7, 50, 0.95))) {
            double[] expected = reference(logits, config);
            double[] actual = distribution(logits, config);
            assertArrayEquals(expected, actual, 1e-14, config.toString());
            assertEquals(kept(expected), kept(actual), config.toString());
        }
    }

    @Test
    void turnedOffTheyChangeNeitherTokensNorDraws() {
        Random random = new Random(3);
        PythonRandom plain = new PythonRandom(5);
        PythonRandom drawn = new PythonRandom(5);
        for (int i = 0; i < 500; i++) {
            double[] logits = logits(30, random);
            Sampler all = new Sampler(new SamplingConfig(0.8, 30, ALL_PROBABILITY));
            assertEquals(new Sampler(0.8).next(logits, 0, 30, plain), all.next(logits, 0, 30, drawn));
        }
        assertEquals(plain.state(), drawn.state());
    }

    @Test
    void topKKeepsAllThatAreAsHighAsTheKth() {
        double[] logits = {3, 1, 3, 2, 3};
        for (int k = 1; k <= 3; k++) {
            assertEquals(List.of(0, 2, 4), kept(topK(k, logits)), "k = " + k);
        }
        assertEquals(List.of(0, 2, 3, 4), kept(topK(4, logits)));
        for (int k : new int[] {5, 6, ALL_TOKENS}) {
            assertEquals(List.of(0, 1, 2, 3, 4), kept(topK(k, logits)), "k = " + k);
        }
    }

    @Test
    void topKOfOneTakesTheHighest() {
        double[] distribution = topK(1, 0.5, 2, 1.75);
        assertArrayEquals(new double[] {0, 1, 0}, distribution);
    }

    @Test
    void impossibleTokensDoNotCountAmongTheHighest() {
        assertEquals(List.of(1, 3), kept(topK(2, NEVER, 1, NEVER, 2)));
        assertEquals(List.of(1, 3), kept(topK(3, NEVER, 1, NEVER, 2)));
        assertEquals(List.of(3), kept(topK(1, NEVER, 1, NEVER, 2)));
    }

    /** Four equally likely tokens have a probability of exactly a quarter each. */
    @Test
    void topPEndsWithTheTokenThatReachesIt() {
        double[] logits = {-1000, 0, 0, 0, 0};
        assertEquals(List.of(1), kept(topP(Double.MIN_VALUE, logits)));
        assertEquals(List.of(1), kept(topP(0.25, logits)));
        assertEquals(List.of(1, 2), kept(topP(Math.nextUp(0.25), logits)));
        assertEquals(List.of(1, 2), kept(topP(0.5, logits)));
        assertEquals(List.of(1, 2, 3), kept(topP(Math.nextUp(0.5), logits)));
        assertEquals(List.of(1, 2, 3), kept(topP(0.75, logits)));
        assertEquals(List.of(1, 2, 3, 4), kept(topP(Math.nextDown(1.0), logits)));
    }

    @Test
    void topPLeavesAtLeastTheMostLikelyToken() {
        assertEquals(List.of(2), kept(topP(1e-300, 1, 2, 3)));
        assertEquals(List.of(0), kept(topP(0.5, 5)));
    }

    @Test
    void theTemperatureComesBeforeTopP() {
        double[] logits = {3, 2, 1, 0};
        assertEquals(
                1,
                kept(distribution(logits, new SamplingConfig(0.1, ALL_TOKENS, 0.9)))
                        .size());
        assertEquals(
                4,
                kept(distribution(logits, new SamplingConfig(10, ALL_TOKENS, 0.9)))
                        .size());
    }

    @Test
    void topPCountsWhatTopKLeaves() {
        double[] logits = {0, 0, 0, 0, 1e-9, 1e-9};
        // half of six about equal tokens would be three, half of the two highest is one
        assertEquals(3, kept(topP(0.5, logits)).size());
        assertEquals(List.of(4), kept(distribution(logits, new SamplingConfig(1, 2, 0.5))));
    }

    @Test
    void atTemperatureZeroTheMostLikelyTokenIsTakenWhateverTheOthersSay() {
        PythonRandom random = new PythonRandom(1);
        PythonRandom.State before = random.state();
        assertEquals(1, new Sampler(new SamplingConfig(0, 2, 0.1)).next(new double[] {1, 5, 5}, 0, 3, random));
        assertEquals(before, random.state());
    }

    @Test
    void onlyTheGivenPartOfTheArrayIsLookedAt() {
        double[] logits = {99, 1, 3, 2, 99, Double.NaN};
        Sampler sampler = new Sampler(new SamplingConfig(1, 1, 0.5));
        assertEquals(1, sampler.next(logits, 1, 3, new PythonRandom(1)));
    }

    private static double[] topK(int k, double... logits) {
        return distribution(logits, new SamplingConfig(1, k, ALL_PROBABILITY));
    }

    private static double[] topP(double p, double... logits) {
        return distribution(logits, new SamplingConfig(1, ALL_TOKENS, p));
    }

    private static List<Integer> kept(double... distribution) {
        return IntStream.range(0, distribution.length)
                .filter(i -> distribution[i] > 0)
                .boxed()
                .toList();
    }

    private static double[] distribution(double[] logits, SamplingConfig config) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double[] weights = new Sampler(config).weights(logits, 0, logits.length, max);
        return normalized(Arrays.copyOf(weights, logits.length));
    }

    private static double[] normalized(double... weights) {
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    /** Multiples of a quarter, many of them equal, and some of minus infinity, but not all. */
    private static double[] logits(int n, Random random) {
        double[] logits = new double[n];
        for (int i = 0; i < n; i++) {
            logits[i] = random.nextInt(10) == 0 ? NEVER : 0.25 * random.nextInt(24);
        }
        logits[random.nextInt(n)] = 1;
        return logits;
    }

    private static SamplingConfig config(int n, Random random) {
        double temperature = 0.2 + 2 * random.nextDouble();
        int topK = random.nextInt(4) == 0 ? ALL_TOKENS : 1 + random.nextInt(n + 2);
        double topP = random.nextInt(4) == 0 ? ALL_PROBABILITY : 1 - random.nextDouble();
        return new SamplingConfig(temperature, topK, topP);
    }

    /** The steps of {@link SamplingConfig}, one by one, on all tokens in order. */
    private static double[] reference(double[] logits, SamplingConfig config) {
        int n = logits.length;
        double[] scores =
                Arrays.stream(logits).map(logit -> logit / config.temperature()).toArray();
        double kth = scores[descending(scores).get(Math.min(config.topK(), n) - 1)];
        double max = Arrays.stream(scores).max().orElseThrow();
        double[] p = normalized(Arrays.stream(scores)
                .map(score -> score >= kth ? StrictMath.exp(score - max) : 0)
                .toArray());
        double[] kept = new double[n];
        double sum = 0;
        for (int i : descending(p)) {
            if (sum < config.topP() || config.topP() == ALL_PROBABILITY) {
                kept[i] = p[i];
                sum += p[i];
            }
        }
        return normalized(kept);
    }

    private static List<Integer> descending(double... values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparing(i -> i))
                .toList();
    }
}
