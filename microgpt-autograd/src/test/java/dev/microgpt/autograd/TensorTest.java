package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
    private static final String STALE = "tensor (2) was used after its tape was reset, and its buffer belongs to the"
            + " next recording; copy the values with toArray() before reset()";

    @Test
    void constantWrapsTheArrayAndKeepsNoGradient() {
        double[] data = {1, 2, 3, 4};
        Tensor x = Tensor.constant(Shape.of(2, 2), data);
        assertSame(data, x.data());
        assertEquals(Shape.of(2, 2), x.shape());
        assertFalse(x.hasGrad());
        assertEquals(
                "tensor (2, 2) has no gradient: it is a constant, depends on constants only, or is on an"
                        + " inference tape; make it a Parameter or use Tape.training()",
                assertThrows(IllegalStateException.class, x::grad).getMessage());
    }

    @Test
    void constantMayHaveALongerArrayOfWhichTheFirstNumbersCount() {
        Tensor x = Tensor.constant(Shape.of(2), 1, 2, 99);
        assertArrayEquals(new double[] {1, 2}, x.toArray());
        assertEquals(3.0, Tape.inference().sum(x).item());
    }

    @Test
    void constantWithTooFewNumbersIsRefused() {
        Executable misuse = () -> Tensor.constant(Shape.of(2, 3), new double[5]);
        assertEquals(
                "tensor: shape (2, 3) needs 6 numbers, but the array holds 5",
                assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }

    @Test
    void itemIsTheOnlyNumber() {
        assertEquals(4.5, Tensor.constant(Shape.of(1, 1), 4.5).item());
        Tensor x = Tensor.constant(Shape.of(2), 1, 2);
        assertEquals(
                "item: the tensor is (2), but must have one element",
                assertThrows(IllegalStateException.class, x::item).getMessage());
    }

    @Test
    void toArrayIsACopyOfTheRightLength() {
        Tape tape = Tape.inference();
        tape.sum(Tensor.constant(Shape.of(9), new double[9]));
        tape.buffer(100);
        tape.reset(); // the second buffer now has 100 elements
        tape.buffer(1);
        Tensor y = tape.scale(Tensor.constant(Shape.of(2), 1, 2), 3);
        assertTrue(y.data().length >= 100);
        double[] copy = y.toArray();
        assertNotSame(copy, y.data());
        assertArrayEquals(new double[] {3, 6}, copy);
    }

    @Test
    void itsTextIsTheShapeAndTheFirstNumbers() {
        Tensor numbers = Tensor.constant(Shape.of(2, 4), 0.1, -2, 3.14159e-8, 1e300, 0, Double.NaN, 7, 8, 9);
        assertEquals("(2, 4) [0.1000, -2.000, 3.142e-08, 1.000e+300, 0.000, NaN, …]", numbers.toString());
        assertEquals(
                "(3) [1.000, 2.000, 3.000]",
                Tensor.constant(Shape.of(3), 1, 2, 3, 4).toString());
        Tape tape = Tape.inference();
        Tensor loss = tape.sum(numbers);
        assertEquals("() [NaN]", loss.toString());
        tape.reset();
        assertEquals("() [reset]", loss.toString(), "a debugger may print it");
    }

    @Test
    void everyUseAfterResetIsRefused() {
        Parameter x = new Parameter("x", Shape.of(2), 1, 2);
        Tape tape = Tape.training();
        Tensor y = tape.scale(x, 3);
        Tensor loss = tape.sum(y);
        tape.backward(loss);
        tape.reset();
        List<Executable> uses = List.of(
                y::data, y::grad, y::toArray, () -> tape.relu(y), () -> tape.add(x, y), () -> tape.backward(y, 1, 1));
        for (Executable use : uses) {
            assertEquals(STALE, assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals(
                STALE.replace("(2)", "()"),
                assertThrows(IllegalStateException.class, loss::item).getMessage());
        assertThrows(IllegalStateException.class, () -> tape.backward(loss));
    }

    @Test
    void staleTensorIsRefusedAlsoWhenTheTapeIsInUseAgain() {
        Parameter x = new Parameter("x", Shape.of(2), 1, 2);
        Tape tape = Tape.inference();
        Tensor stale = tape.scale(x, 3);
        tape.reset();
        Tensor fresh = tape.scale(x, 3);
        assertThrows(IllegalStateException.class, stale::data);
        assertArrayEquals(new double[] {3, 6}, fresh.toArray());
    }
}
