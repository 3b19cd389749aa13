package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The oracle is itself tested, by derivatives that can be worked out on paper. */
class ValueTest {
    @Test
    void gradientAccumulatesWhenANumberIsUsedTwice() {
        Value a = Value.of(3);
        Value b = a.plus(a);
        Value c = b.plus(b);
        c.backward();
        assertEquals(4, a.grad);
        assertEquals(2, b.grad);
    }

    @Test
    void everyOperationHasItsDerivative() {
        Value a = Value.of(4);
        Value b = Value.of(-3);
        // a·b + √a + exp(b) + log(a) + relu(a) + relu(b) + 5a + a
        Value.sum(
                        a.times(b),
                        a.pow(0.5),
                        b.exp(),
                        a.log(),
                        a.relu(),
                        b.relu(),
                        a.times(5).plus(7),
                        a)
                .backward();
        assertEquals(-3 + 0.25 + 0.25 + 1 + 5 + 1, a.grad, 1e-15);
        assertEquals(4 + StrictMath.exp(-3), b.grad, 1e-15);
    }

    @Test
    void aDotProductIsAChainOfProducts() {
        Value[] a = Value.vector(1, 2, 3);
        Value[] b = Value.vector(4, -5, 6);
        Value y = Value.dot(a, b);
        y.times(2).backward();
        assertEquals(12, y.data);
        for (int i = 0; i < 3; i++) {
            assertEquals(2 * b[i].data, a[i].grad);
            assertEquals(2 * a[i].data, b[i].grad);
        }
    }

    @Test
    void aSquareAsADotProductWithItselfHasBothGradients() {
        Value[] a = Value.vector(3, -0.5);
        Value.dot(a, a).backward();
        assertEquals(6, a[0].grad);
        assertEquals(-1, a[1].grad);
    }

    @Test
    void aChainOfAMillionNodesNeedsNoDeepStack() {
        Value start = Value.of(1);
        Value y = start;
        for (int i = 0; i < 1_000_000; i++) {
            y = y.plus(1);
        }
        y.backward();
        assertEquals(1_000_001, y.data);
        assertEquals(1, start.grad);
    }

    @Test
    void backwardTwiceOverSharedNumbersVisitsAllOfThemAgain() {
        Value a = Value.of(2);
        a.times(a).backward();
        a.times(a).backward();
        assertEquals(8, a.grad);
    }
}
