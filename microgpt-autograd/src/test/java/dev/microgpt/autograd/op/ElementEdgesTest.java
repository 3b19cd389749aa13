package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.junit.jupiter.api.Test;

/** Functions of single elements at kinks, at infinity and of NaN. */
class ElementEdgesTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void reluKeepsNanAndLetsItsGradientThrough() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(4), NAN, INFINITY, -INFINITY, -1);
        Tensor y = tape.relu(x);
        tape.backward(y, 2, 3, 4, NAN);
        assertArrayEquals(new double[] {NAN, INFINITY, 0, 0}, y.toArray());
        assertArrayEquals(new double[] {2, 3, 0, 0}, x.grad());
    }

    @Test
    void infinityGoesThroughTheElementwiseFunctions() {
        Tape tape = Tape.inference();
        Tensor x = Tensor.constant(Shape.of(1), INFINITY);
        Tensor minus = Tensor.constant(Shape.of(1), -INFINITY);
        assertEquals(INFINITY, tape.gelu(x).item());
        assertEquals(INFINITY, tape.geluTanh(x).item());
        assertEquals(INFINITY, tape.add(x, x).item());
        assertEquals(NAN, tape.add(x, minus).item());
        assertEquals(-INFINITY, tape.multiply(x, minus).item());
        assertEquals(-INFINITY, tape.scale(x, -2).item());
        assertEquals(
                NAN,
                tape.sum(tape.embedding(Tensor.constant(Shape.of(2, 1), INFINITY, -INFINITY), 0, 1))
                        .item());
    }

    @Test
    void reluHasNoSlopeAtZeroOfEitherSign() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(4), 0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE);
        Tensor y = tape.relu(x);
        tape.backward(y, 1, 1, 1, 1);
        assertArrayEquals(new double[] {0.0, 0.0, Double.MIN_VALUE, 0.0}, y.toArray());
        assertArrayEquals(new double[] {0, 0, 1, 0}, x.grad());
    }
}
