package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.Batch;
import dev.microgpt.train.data.ValidationSet.Window;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TextWindowsTest {
    private static Tokens counting(int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> i);
        return MemoryTokens.of(ids, count);
    }

    @Test
    void everyTokenButTheFirstIsATargetOnceAndInOrder() {
        for (int count = 2; count <= 40; count++) {
            for (int blockSize = 1; blockSize <= 9; blockSize++) {
                for (int batchSize = 1; batchSize <= 4; batchSize++) {
                    assertCovers(count, blockSize, batchSize);
                }
            }
        }
    }

    private static void assertCovers(int count, int blockSize, int batchSize) {
        String sizes = count + " tokens, blocks of " + blockSize + ", batches of " + batchSize;
        TextWindows windows = new TextWindows(counting(count), blockSize, batchSize, 99);
        int next = 1;
        for (int index = 0; index < windows.batches(); index++) {
            Batch batch = windows.batch(index);
            assertTrue(batch.sequences().count() <= batchSize, sizes);
            for (int i = 0; i < batch.targets().length; i++) {
                assertEquals(next, batch.targets()[i], sizes);
                assertEquals(next - 1, batch.ids()[i], sizes);
                next++;
            }
        }
        assertEquals(count, next, sizes);
        assertEquals(count - 1, windows.tokens(), sizes);
    }

    /** As Hugging Face's guide to perplexity computes it. */
    @Test
    void overlappingWindowsScoreEachTokenOnceWithTheContextThatTheStrideLeaves() {
        for (int count = 2; count <= 40; count++) {
            for (int blockSize = 1; blockSize <= 9; blockSize++) {
                for (int stride = 1; stride <= blockSize; stride++) {
                    assertScores(count, blockSize, stride);
                }
            }
        }
    }

    private static void assertScores(int count, int blockSize, int stride) {
        String sizes = count + " tokens, blocks of " + blockSize + ", stride " + stride;
        TextWindows windows = new TextWindows(counting(count), blockSize, 3, 99).withStride(stride);
        int next = 1;
        long seen = 0;
        for (int index = 0; index < windows.batches(); index++) {
            Batch batch = windows.batch(index);
            Sequences sequences = batch.sequences();
            for (int s = 0; s < sequences.count(); s++) {
                Window window = windows.window(index, s);
                assertEquals(window.start(), batch.ids()[sequences.start(s)], sizes);
                assertTrue(sequences.length(s) <= blockSize, sizes);
                for (int i = window.overlap(); i < sequences.length(s); i++) {
                    assertEquals(next, batch.targets()[sequences.start(s) + i], sizes);
                    int context = i + 1;
                    assertTrue(context >= Math.min(next, blockSize - stride + 1), sizes);
                    next++;
                }
                seen++;
            }
        }
        assertEquals(count, next, sizes);
        assertEquals(count - 1, windows.tokens(), sizes);
        assertEquals(seen, windows.windows(), sizes);
    }

    @Test
    void aStrideThatWouldLeaveTokensOutIsRefused() {
        TextWindows windows = new TextWindows(counting(12), 4, 2, 99);
        for (int stride : new int[] {0, 5}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> windows.withStride(stride));
            assertEquals(
                    "text windows: the stride is " + stride + ", but must be from 1 to the block size, 4",
                    e.getMessage());
        }
    }

    @Test
    void aBatchPacksItsWindowsAndTheLastHasWhatIsLeft() {
        TextWindows windows = new TextWindows(counting(12), 4, 2, 99);
        assertEquals(2, windows.batches());
        assertEquals(Sequences.ofLengths(4, 4), windows.batch(0).sequences());
        assertEquals(Sequences.ofLengths(3), windows.batch(1).sequences());
        assertArrayEquals(new int[] {8, 9, 10}, windows.batch(1).ids());
        assertEquals(99, windows.bytes());
    }

    @Test
    void aBatchThatIsNotThereIsRefused() {
        TextWindows windows = new TextWindows(counting(12), 4, 2, 99);
        assertThrows(IllegalArgumentException.class, () -> windows.batch(2));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> windows.batch(-1));
        assertEquals("text windows: there is no batch -1; they are 0 … 1", e.getMessage());
    }

    @Test
    void textsOfOneTokenAndSizesBelowOneAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TextWindows(counting(1), 4, 2, 0));
        assertEquals(
                "text windows: there are 1 tokens, but a token and the one that follows it take 2;"
                        + " hold out more of the text",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new TextWindows(counting(9), 0, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new TextWindows(counting(9), 4, 0, 0));
    }

    @Test
    void moreBatchesThanAnIntCountsAreRefused() {
        Tokens huge = new Tokens() {
            @Override
            public long count() {
                return 1L << 40;
            }

            @Override
            public void read(long from, int[] to, int offset, int length) {
                Arrays.setAll(to, i -> (int) (from + i >>> 20));
            }
        };
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TextWindows(huge, 16, 16, 0));
        assertTrue(e.getMessage().contains("make 4294967296 batches of 16"), e.getMessage());
        TextWindows windows = new TextWindows(huge, 1024, 16, 0);
        assertEquals(1 << 26, windows.batches());
        assertEquals((1 << 20) - 1, windows.batch(windows.batches() - 1).targets()[16382]);
    }
}
