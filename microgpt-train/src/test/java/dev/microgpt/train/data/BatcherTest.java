package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final CharTokenizer ABC = CharTokenizer.ofAlphabet("abc");
    private static final int BOS = 3;

    @Test
    void aDocumentStandsBetweenTwoBos() {
        Batch batch = new Batcher(List.of("cab"), ABC, 1, 16).batch(0);
        assertArrayEquals(new int[] {BOS, 2, 0, 1}, batch.ids());
        assertArrayEquals(new int[] {2, 0, 1, BOS}, batch.targets());
    }

    @Test
    void aDocumentIsCutWhereTheBlockEnds() {
        // as microgpt.py cuts: n = min(block_size, len(tokens) − 1) targets
        assertTargets(5, "abca", 0, 1, 2, 0, BOS);
        assertTargets(4, "abca", 0, 1, 2, 0);
        assertTargets(3, "abca", 0, 1, 2);
        assertTargets(1, "abca", 0);
        assertTargets(1, "", BOS);
    }

    private static void assertTargets(int blockSize, String document, int... targets) {
        Batch batch = new Batcher(List.of(document), ABC, 1, blockSize).batch(0);
        assertArrayEquals(targets, batch.targets());
        assertEquals(BOS, batch.ids()[0]);
    }

    @Test
    void aBatchTakesTheNextDocumentsAndBeginsAgainAfterTheLast() {
        Batcher batcher = new Batcher(List.of("a", "bb", "ccc"), ABC, 2, 16);
        assertArrayEquals(new int[] {BOS, 0, BOS, 1, 1}, batcher.batch(0).ids());
        assertArrayEquals(new int[] {BOS, 2, 2, 2, BOS, 0}, batcher.batch(1).ids());
        assertArrayEquals(new int[] {BOS, 1, 1, BOS, 2, 2, 2}, batcher.batch(2).ids());
        assertArrayEquals(batcher.batch(0).ids(), batcher.batch(3).ids());
        assertEquals(Sequences.ofLengths(4, 2), batcher.batch(1).sequences());
    }

    @Test
    void thePartsOfAStepTakeTheDocumentsOfOneLargeBatch() {
        List<String> documents = List.of("a", "bb", "ccc");
        Batcher whole = new Batcher(documents, ABC, 2, 16);
        Batcher inParts = new Batcher(documents, ABC, 1, 16);
        assertArrayEquals(new int[] {BOS, 2, 2, 2, BOS, 0}, whole.batch(1).ids());
        assertArrayEquals(new int[] {BOS, 2, 2, 2}, inParts.batch(1, 0, 2).ids());
        assertArrayEquals(new int[] {BOS, 0}, inParts.batch(1, 1, 2).ids());
    }

    @Test
    void aStepWithoutADocumentKeepsTheOthers() {
        Batcher batcher = new Batcher(List.of("a", "bb", "ccc", "a"), ABC, 2, 16);
        assertEquals(List.of("a", "bb", "ccc", "a"), batcher.documents(0, 2));
        assertEquals(List.of("ccc", "a"), batcher.documents(1, 1));
        BatchSource without = batcher.keeping(document -> !document.equals("a"));
        assertArrayEquals(new int[] {BOS, 1, 1}, kept(without, 0, 0, 2).ids());
        assertArrayEquals(new int[] {BOS, 2, 2, 2}, kept(without, 0, 1, 2).ids());
        assertArrayEquals(new int[] {BOS, 1, 1}, kept(without, 1, 0, 2).ids());
        assertNull(new Batcher(List.of("a", "bb"), ABC, 1, 16)
                .keeping(document -> !document.equals("a"))
                .batch(2, 0, 1));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> batcher.documents(-1, 1));
        assertEquals(
                "batcher: step -1, part 0 of 1: the step must be at least 0 and the part from 0 to below the number of"
                        + " parts",
                e.getMessage());
    }

    private static Batch kept(BatchSource source, int step, int part, int parts) {
        return Objects.requireNonNull(source.batch(step, part, parts));
    }

    @Test
    void aBatchLargerThanTheDocumentsHasSomeTwice() {
        Batch batch = new Batcher(List.of("a", "b"), ABC, 5, 16).batch(0);
        assertArrayEquals(new int[] {BOS, 0, BOS, 1, BOS, 0, BOS, 1, BOS, 0}, batch.ids());
    }

    @Test
    void aBatchDependsOnItsStepAlone() {
        Batcher batcher = new Batcher(List.of("a", "bb", "ccc", "ab"), ABC, 3, 16);
        int[] expected = batcher.batch(5).ids();
        batcher.batch(2);
        assertArrayEquals(expected, batcher.batch(5).ids());
    }

    @Test
    void theLastStepsOfTheLongestRunDoNotOverflow() {
        Batcher batcher = new Batcher(List.of("a", "b", "c"), ABC, 2, 16);
        // document 2 · (2³¹ − 1) mod 3 = 2
        assertArrayEquals(
                new int[] {BOS, 2, BOS, 0}, batcher.batch(Integer.MAX_VALUE).ids());
    }

    @Test
    void noDocumentAtAllIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Batcher(List.of(), ABC, 1, 1));
        assertEquals("batcher: there are no documents; at least one is needed", e.getMessage());
    }

    @Test
    void sizesBelowOneAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Batcher(List.of("a"), ABC, 0, 16));
        assertEquals("batcher: the batch size is 0 and the block size 16; both must be at least 1", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Batcher(List.of("a"), ABC, 1, 0));
        assertEquals("batcher: the batch size is 1 and the block size 0; both must be at least 1", e.getMessage());
    }
}
