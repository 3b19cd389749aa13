package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ParameterTest {
    @Test
    void ownsTheGivenArrayAndAGradientOfZeros() {
        double[] data = {1, 2, 3, 4};
        Parameter w = new Parameter("layer0.attn_wq", Shape.of(2, 2), data);
        assertSame(data, w.data());
        assertArrayEquals(new double[4], w.grad());
        assertTrue(w.hasGrad());
        assertEquals("layer0.attn_wq", w.name());
        assertEquals("layer0.attn_wq (2, 2) [1.000, 2.000, 3.000, 4.000]", w.toString());
    }

    @Test
    void arrayOfAnotherLengthIsRefusedByName() {
        assertEquals(
                "parameter \"wte\": shape (2, 3) needs 6 numbers, but the array holds 7",
                assertThrows(IllegalArgumentException.class, () -> new Parameter("wte", Shape.of(2, 3), new double[7]))
                        .getMessage());
        String shorter = assertThrows(
                        IllegalArgumentException.class, () -> new Parameter("wte", Shape.of(2, 3), new double[5]))
                .getMessage();
        assertEquals("parameter \"wte\": shape (2, 3) needs 6 numbers, but the array holds 5", shorter);
    }

    @Test
    void gradientsAccumulateUntilZeroGrad() {
        Parameter w = new Parameter("w", Shape.scalar(), 3);
        Tape tape = Tape.training();
        for (int step = 1; step <= 3; step++) {
            tape.backward(tape.multiply(w, w));
            tape.reset();
            assertEquals(6.0 * step, w.grad()[0]);
        }
        w.zeroGrad();
        assertEquals(0.0, w.grad()[0]);
    }

    @Test
    void theGradientTakesMemoryOnceItIsAskedFor() {
        Parameter weight = new Parameter("w", Shape.of(2, 2), 1, 2, 3, 4);
        Tape inference = Tape.inference();
        inference.linear(Tensor.constant(Shape.of(1, 2), 1, 1), weight);
        weight.zeroGrad();
        assertTrue(weight.hasGrad());
        assertFalse(weight.hasGradBuffer());
        assertArrayEquals(new double[4], weight.grad());
        assertTrue(weight.hasGradBuffer());
        assertSame(weight.grad(), weight.grad());
    }

    @Test
    void outlivesItsTapes() {
        Parameter w = new Parameter("w", Shape.scalar(), 3);
        Tape first = Tape.training();
        first.backward(first.scale(w, 2));
        first.reset();
        Tape second = Tape.training();
        second.backward(second.scale(w, 5));
        assertEquals(7.0, w.grad()[0]);
        assertEquals(3.0, w.item());
    }

    @Test
    void unusedParameterKeepsAGradientOfExactlyZero() {
        Parameter used = new Parameter("used", Shape.scalar(), 3);
        Parameter unused = new Parameter("unused", Shape.scalar(), 3);
        Tape tape = Tape.training();
        tape.scale(unused, 2); // recorded, but the loss does not depend on it
        tape.backward(tape.scale(used, 2));
        assertEquals(2.0, used.grad()[0]);
        assertEquals(0.0, unused.grad()[0]);
    }
}
