package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Sequences;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void everyTokenButTheLastIsAnInputAndEveryTokenButTheFirstATarget() {
        Batch batch = Batch.forTraining(List.of(new int[] {9, 1, 2, 9}, new int[] {9, 9}, new int[] {9, 3, 9}));
        assertArrayEquals(new int[] {9, 1, 2, 9, 9, 3}, batch.ids());
        assertArrayEquals(new int[] {1, 2, 9, 9, 3, 9}, batch.targets());
        assertEquals(Sequences.ofLengths(3, 1, 2), batch.sequences());
    }

    @Test
    void aPromptHasNoTargets() {
        Batch batch = Batch.ofPrompt(4, 5);
        assertArrayEquals(new int[] {4, 5}, batch.ids());
        assertEquals(0, batch.targets().length);
        assertEquals(Sequences.ofLengths(2), batch.sequences());
    }

    @Test
    void aSequenceWithoutTargetIsRefused() {
        for (int length = 0; length < 2; length++) {
            List<int[]> sequences = List.of(new int[] {1, 2}, new int[length]);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Batch.forTraining(sequences));
            assertEquals(
                    "batch: sequence 1 has " + length
                            + " tokens; training needs at least 2, a token and the one that follows it",
                    e.getMessage());
        }
    }

    @Test
    void anEmptyBatchIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Batch.forTraining(List.of()));
        assertEquals("sequences: there are none; at least one is required", e.getMessage());
    }

    @Test
    void anEmptyPromptIsRefused() {
        assertThrows(IllegalArgumentException.class, Batch::ofPrompt);
    }
}
