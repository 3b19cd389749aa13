package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SequencesTest {
    @Test
    void sequencesLieOneAfterAnother() {
        Sequences packed = Sequences.ofLengths(3, 1, 2);
        assertEquals(3, packed.count());
        assertEquals(6, packed.rows());
        assertEquals(3, packed.longest());
        assertEquals(3, packed.start(1));
        assertEquals(4, packed.start(2));
        assertEquals(2, packed.length(2));
        assertEquals("sequences with offsets [0, 3, 4, 6]", packed.toString());
    }

    @Test
    void equalLengthsAreEqual() {
        assertEquals(Sequences.ofLengths(3, 1), Sequences.ofLengths(3, 1));
        assertEquals(
                Sequences.ofLengths(3, 1).hashCode(), Sequences.ofLengths(3, 1).hashCode());
        assertNotEquals(Sequences.ofLengths(3, 1), Sequences.ofLengths(4));
    }

    @Test
    void noSequenceIsRefused() {
        assertRefused("sequences: there are none; at least one is required", () -> Sequences.ofLengths());
    }

    @Test
    void emptySequenceIsRefused() {
        assertRefused(
                "sequences: sequence 1 has 0 rows, but every sequence must have at least 1",
                () -> Sequences.ofLengths(3, 0));
        assertRefused(
                "sequences: sequence 0 has -2 rows, but every sequence must have at least 1",
                () -> Sequences.ofLengths(-2));
    }

    private static void assertRefused(String message, Executable misuse) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }
}
