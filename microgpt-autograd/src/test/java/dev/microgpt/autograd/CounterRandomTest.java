package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    /** The JDK's SplittableRandom with the standard step is SplitMix64 too. */
    @Test
    void bitsAreThoseOfSplitMix64() {
        for (long seed : new long[] {0, 42, -1, Long.MIN_VALUE}) {
            SplittableRandom expected = new SplittableRandom(seed);
            CounterRandom random = new CounterRandom(seed);
            for (int i = 0; i < 1000; i++) {
                assertEquals(expected.nextLong(), random.bits(i));
            }
        }
    }

    @Test
    void uniformNumbersFillTheUnitIntervalEvenly() {
        CounterRandom random = new CounterRandom(3).child(7);
        int[] counts = new int[10];
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            counts[(int) (10 * random.uniform(i))]++;
        }
        for (int count : counts) {
            assertEquals(n / 10.0, count, 5 * Math.sqrt(n * 0.1 * 0.9), "five standard deviations");
        }
    }

    @Test
    void streamsAndTheirChildrenShareNoNumbers() {
        Set<Long> seen = new HashSet<>();
        CounterRandom root = new CounterRandom(1);
        for (int child = -5; child < 100; child++) {
            CounterRandom stream = root.child(child);
            assertTrue(seen.add(root.bits(child)));
            for (int i = 0; i < 100; i++) {
                assertTrue(seen.add(stream.bits(i)));
                assertTrue(seen.add(stream.child(i).bits(0)));
            }
        }
    }
}
