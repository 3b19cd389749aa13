package dev.microgpt.train.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.microgpt.model.random.PythonRandom;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargestTest {
    @Test
    void theyAreTheFirstOfAStableSort() {
        PythonRandom random = new PythonRandom(1);
        for (int size : new int[] {0, 1, 2, 7, 40}) {
            double[] numbers = IntStream.range(0, size)
                    .mapToDouble(i -> Math.floor(10 * random.random()))
                    .toArray();
            int[] sorted = IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -numbers[i]))
                    .mapToInt(i -> i)
                    .toArray();
            for (int count : new int[] {0, 1, 3, 40, 100}) {
                int[] expected = IntStream.of(sorted).limit(count).toArray();
                assertArrayEquals(expected, Largest.of(count, numbers), count + " of " + size);
            }
        }
    }
}
