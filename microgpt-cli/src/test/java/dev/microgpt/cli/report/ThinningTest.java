package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinningTest {
    @Test
    void aShortCurveIsLeftAsItIs() {
        assertArrayEquals(new int[] {0, 1, 2, 3}, Thinning.indices(new double[] {4, 3, 2, 1}, 4));
        assertArrayEquals(new int[0], Thinning.indices(new double[0], 4));
    }

    @Test
    void lowestAndHighestOfEachStretchAreKept() {
        //                 0  1  2  3  4  5  6  7  8  9
        double[] values = {5, 1, 9, 3, 4, 4, 8, 2, 7, 5};
        // two stretches: indices 1 to 4 and 5 to 8
        assertArrayEquals(new int[] {0, 1, 2, 6, 7, 9}, Thinning.indices(values, 6));
    }

    @ParameterizedTest
    @ValueSource(ints = {2001, 2003, 5000, 100_000})
    void endsAndExtremesAreKeptInOrder(int count) {
        SplittableRandom random = new SplittableRandom(count);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextDouble();
        }
        int peak = random.nextInt(count);
        int trough = (peak + 1 + random.nextInt(count - 1)) % count;
        values[peak] = 7;
        values[trough] = -7;
        int[] indices = Thinning.indices(values, 2000);
        assertTrue(indices.length <= 2000 && indices.length > 1000, "points: " + indices.length);
        assertEquals(0, indices[0]);
        assertEquals(count - 1, indices[indices.length - 1]);
        for (int i = 1; i < indices.length; i++) {
            assertTrue(indices[i - 1] < indices[i], "ascending at " + i);
        }
        assertTrue(Arrays.binarySearch(indices, peak) >= 0, "peak at " + peak);
        assertTrue(Arrays.binarySearch(indices, trough) >= 0, "trough at " + trough);
    }

    @Test
    void aFlatStretchHasOnePoint() {
        int[] indices = Thinning.indices(new double[100], 12);
        assertEquals(2 + 5, indices.length);
    }
}
