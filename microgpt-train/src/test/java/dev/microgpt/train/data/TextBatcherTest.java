package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.Batch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextBatcherTest {
    /** Tokens that are their own positions. */
    private static Tokens counting(int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> i);
        return MemoryTokens.of(ids, count);
    }

    @Test
    void aSequenceIsAPieceOfTheTextAndItsTargetsAreTheNextTokens() {
        Batch batch = new TextBatcher(counting(1000), 3, 8, 42).batch(0, 0, 1);
        assertEquals(Sequences.ofLengths(8, 8, 8), batch.sequences());
        for (int i = 0; i < 24; i++) {
            assertEquals(batch.ids()[i] + 1, batch.targets()[i]);
            assertEquals(batch.ids()[i / 8 * 8] + i % 8, batch.ids()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 12})
    void howAStepIsSplitMakesNoDifference(int parts) {
        Tokens tokens = counting(5000);
        for (int step = 0; step < 20; step++) {
            Batch whole = new TextBatcher(tokens, 12, 7, 42).batch(step, 0, 1);
            TextBatcher batcher = new TextBatcher(tokens, 12 / parts, 7, 42);
            int[] joined = new int[whole.ids().length];
            for (int part = parts - 1; part >= 0; part--) {
                int[] ids = batcher.batch(step, part, parts).ids();
                System.arraycopy(ids, 0, joined, part * ids.length, ids.length);
            }
            assertArrayEquals(whole.ids(), joined, "step " + step);
        }
    }

    @Test
    void stepsAndSeedsDiffer() {
        Tokens tokens = counting(60_000);
        int[] ids = new TextBatcher(tokens, 4, 8, 42).batch(3, 0, 1).ids();
        assertArrayEquals(ids, new TextBatcher(tokens, 4, 8, 42).batch(3, 0, 1).ids());
        assertFalse(Arrays.equals(
                ids, new TextBatcher(tokens, 4, 8, 42).batch(4, 0, 1).ids()));
        assertFalse(Arrays.equals(
                ids, new TextBatcher(tokens, 4, 8, 43).batch(3, 0, 1).ids()));
    }

    @Test
    void startsAreUniform() {
        int starts = 50;
        int blockSize = 4;
        TextBatcher batcher = new TextBatcher(counting(starts + blockSize), 100, blockSize, 7);
        int[] seen = new int[starts];
        for (int step = 0; step < 200; step++) {
            Batch batch = batcher.batch(step, 0, 1);
            for (int s = 0; s < 100; s++) {
                seen[batch.ids()[s * blockSize]]++;
            }
        }
        double expected = 200 * 100.0 / starts;
        double chiSquare = 0;
        for (int count : seen) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        // 49 degrees of freedom: 0.1 % of fair generators are above 85.4, 0.1 % below 23.98
        assertTrue(chiSquare < 85.4 && chiSquare > 23.98, "chi-square " + chiSquare);
    }

    @Test
    void aTextOfOneBlockHasOneStart() {
        Batch batch = new TextBatcher(counting(5), 2, 4, 42).batch(0, 0, 1);
        assertArrayEquals(new int[] {0, 1, 2, 3, 0, 1, 2, 3}, batch.ids());
        assertArrayEquals(new int[] {1, 2, 3, 4, 1, 2, 3, 4}, batch.targets());
    }

    @Test
    void aTextShorterThanABlockIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TextBatcher(counting(8), 1, 8, 42));
        assertEquals(
                "text batcher: there are 8 tokens, but a block of 8 and the token that follows it take 9;"
                        + " use a longer text or a smaller block size",
                e.getMessage());
    }

    @Test
    void sizesBelowOneAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TextBatcher(counting(8), 0, 4, 42));
        assertEquals("text batcher: the batch size is 0 and the block size 4; both must be at least 1", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new TextBatcher(counting(8), 1, 0, 42));
    }
}
