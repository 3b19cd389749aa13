package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentSetTest {
    private static final CharTokenizer ABC = CharTokenizer.ofAlphabet("abc");
    private static final int BOS = 3;

    @Test
    void eachDocumentComesOnceFramedByBos() {
        DocumentSet set = new DocumentSet(List.of("a", "bb", "cab"), ABC, 2, 16);
        assertEquals(2, set.batches());
        assertArrayEquals(new int[] {BOS, 0, BOS, 1, 1}, set.batch(0).ids());
        assertArrayEquals(new int[] {0, BOS, 1, 1, BOS}, set.batch(0).targets());
        assertArrayEquals(new int[] {BOS, 2, 0, 1}, set.batch(1).ids());
        assertEquals(Sequences.ofLengths(4), set.batch(1).sequences());
        assertEquals(2 + 3 + 4, set.tokens());
        assertEquals(1 + 2 + 3, set.bytes(), "the ends stand for no text");
    }

    @Test
    void aDocumentIsCutWhereTheBlockEndsAndCountsAsFarAsItIsPredicted() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("aé한😀");
        DocumentSet set = new DocumentSet(List.of("é한😀a", "é한😀", "é한", ""), tokenizer, 9, 3);
        assertArrayEquals(new int[] {1, 2, 3, 1, 2, 3, 1, 2, 4, 4}, set.batch(0).targets());
        assertEquals(10, set.tokens());
        assertEquals(9 + 9 + 5, set.bytes());
    }

    @Test
    void tokensAreTheTargetsOfAllBatches() {
        List<String> documents = List.of("abcabc", "a", "ab", "abc", "abca", "c", "cc");
        for (int blockSize = 1; blockSize < 9; blockSize++) {
            for (int batchSize = 1; batchSize < 9; batchSize++) {
                DocumentSet set = new DocumentSet(documents, ABC, batchSize, blockSize);
                long targets = 0;
                for (int index = 0; index < set.batches(); index++) {
                    targets += set.batch(index).targets().length;
                }
                assertEquals(targets, set.tokens(), "blocks of " + blockSize + ", batches of " + batchSize);
            }
        }
    }

    @Test
    void noDocumentAndSizesBelowOneAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new DocumentSet(List.of(), ABC, 1, 1));
        assertEquals("document set: there are no documents; at least one is needed", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new DocumentSet(List.of("a"), ABC, 0, 1));
        assertEquals("document set: the batch size is 0 and the block size 1; both must be at least 1", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new DocumentSet(List.of("a"), ABC, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new DocumentSet(List.of("x"), ABC, 1, 1));
    }

    @Test
    void aBatchThatIsNotThereIsRefused() {
        DocumentSet set = new DocumentSet(List.of("a", "b"), ABC, 2, 4);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> set.batch(1));
        assertEquals("document set: there is no batch 1; they are 0 … 0", e.getMessage());
    }
}
