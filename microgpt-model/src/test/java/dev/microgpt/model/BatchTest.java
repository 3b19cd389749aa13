package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.CounterRandom;
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
    void numbersTakeThePlaceOfTheCount() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2}, new int[] {3, 4}));
        CounterRandom step = new CounterRandom(7);
        assertEquals(step.child(6).bits(0), batch.withRandom(step, 5).random(1).bits(0));
        Batch numbered = batch.withNumbers(2, 9).withRandom(step, 5);
        assertEquals(step.child(2).bits(0), numbered.random(0).bits(0));
        assertEquals(step.child(9).bits(0), numbered.random(1).bits(0));
        assertEquals(
                "batch: there are 1 numbers for 2 sequences; each needs one",
                assertThrows(IllegalArgumentException.class, () -> batch.withNumbers(1))
                        .getMessage());
        assertEquals(
                "batch: the number of a sequence is -1, but must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> batch.withNumbers(0, -1))
                        .getMessage());
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
