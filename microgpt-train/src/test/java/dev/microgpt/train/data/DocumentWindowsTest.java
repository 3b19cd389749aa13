package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.ValidationSet.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentWindowsTest {
    private static final CharTokenizer ABC = CharTokenizer.ofAlphabet("abc");
    private static final int BOS = 3;

    /** Of all documents, with the place of each in its document. */
    private static List<String> scored(DocumentWindows windows) {
        List<String> scored = new ArrayList<>();
        long seen = 0;
        for (int index = 0; index < windows.batches(); index++) {
            Batch batch = windows.batch(index);
            Sequences sequences = batch.sequences();
            for (int s = 0; s < sequences.count(); s++) {
                Window window = windows.window(index, s);
                for (int i = window.overlap(); i < sequences.length(s); i++) {
                    int row = sequences.start(s) + i;
                    scored.add(window.start() + i + ": " + batch.ids()[row] + " " + batch.targets()[row]);
                }
                seen++;
            }
        }
        assertEquals(seen, windows.windows());
        return scored;
    }

    @Test
    void everyTokenOfEveryDocumentIsScoredOnceAndInOrder() {
        List<String> documents = List.of("abcabcabcab", "a", "", "bbbbb", "cabcab", "c");
        List<String> expected = new ArrayList<>();
        for (String document : documents) {
            int[] tokens = Batcher.framed(document, ABC);
            for (int i = 0; i < tokens.length - 1; i++) {
                expected.add(i + ": " + tokens[i] + " " + tokens[i + 1]);
            }
        }
        for (int blockSize = 1; blockSize < 14; blockSize++) {
            for (int stride = 1; stride <= blockSize; stride++) {
                for (int batchSize = 1; batchSize < 9; batchSize++) {
                    DocumentWindows windows = new DocumentWindows(documents, ABC, batchSize, blockSize, stride);
                    String sizes = "blocks of " + blockSize + ", stride " + stride + ", batches of " + batchSize;
                    assertEquals(expected, scored(windows), sizes);
                    assertEquals(expected.size(), windows.tokens(), sizes);
                    assertEquals(24, windows.bytes(), sizes);
                }
            }
        }
    }

    @Test
    void aDocumentThatFitsIsTheOneWindowThatTrainingSees() {
        List<String> documents = List.of("a", "bb", "cab", "", "abc");
        DocumentSet set = new DocumentSet(documents, ABC, 2, 4);
        DocumentWindows windows = new DocumentWindows(documents, ABC, 2, 4, 4);
        assertEquals(set.batches(), windows.batches());
        for (int index = 0; index < set.batches(); index++) {
            assertArrayEquals(set.batch(index).ids(), windows.batch(index).ids());
            assertArrayEquals(set.batch(index).targets(), windows.batch(index).targets());
        }
        assertEquals(set.tokens(), windows.tokens());
        assertEquals(set.bytes(), windows.bytes());
        assertEquals(5, windows.windows());
    }

    @Test
    void onlyTheFirstWindowBeginsWithBos() {
        DocumentWindows windows = new DocumentWindows(List.of("abcab"), ABC, 9, 4, 2);
        Batch batch = windows.batch(0);
        assertEquals(Sequences.ofLengths(4, 4), batch.sequences());
        assertArrayEquals(new int[] {BOS, 0, 1, 2, 1, 2, 0, 1}, batch.ids());
        assertArrayEquals(new int[] {0, 1, 2, 0, 2, 0, 1, BOS}, batch.targets());
        assertEquals(new Window(0, 0), windows.window(0, 0));
        assertEquals(new Window(2, 2), windows.window(0, 1));
    }

    @Test
    void noDocumentAndNumbersOutOfRangeAreRefused() {
        assertRefused("document windows: there are no documents; at least one is needed", List.of(), ABC, 1, 1, 1);
        List<String> one = List.of("a");
        assertRefused(
                "document windows: the batch size is 0 and the block size 1; both must be at least 1",
                one,
                ABC,
                0,
                1,
                1);
        assertRefused("document windows: the stride is 0, but must be from 1 to the block size, 4", one, ABC, 1, 4, 0);
        assertRefused("document windows: the stride is 5, but must be from 1 to the block size, 4", one, ABC, 1, 4, 5);
        assertRefused(
                "document windows: the tokenizer has no BOS token, but documents must begin with one;"
                        + " use another tokenizer, or train on one text",
                one,
                new NoBos(),
                1,
                4,
                4);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new DocumentSet(one, new NoBos(), 1, 4));
        assertTrue(e.getMessage().startsWith("document set: the tokenizer has no BOS token"), e.getMessage());
        DocumentWindows windows = new DocumentWindows(one, ABC, 1, 4, 4);
        e = assertThrows(IllegalArgumentException.class, () -> windows.batch(1));
        assertEquals("document windows: there is no batch 1; they are 0 … 0", e.getMessage());
    }

    private static void assertRefused(
            String message, List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize, int stride) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new DocumentWindows(documents, tokenizer, batchSize, blockSize, stride));
        assertEquals(message, e.getMessage());
    }

    private static final class NoBos implements Tokenizer {
        @Override
        public int vocabSize() {
            return 3;
        }

        @Override
        public int bos() {
            return -1;
        }

        @Override
        public int[] encode(String text) {
            return ABC.encode(text);
        }

        @Override
        public String decode(int... ids) {
            return ABC.decode(ids);
        }

        @Override
        public byte[] bytes(int id) {
            return ABC.bytes(id);
        }
    }
}
