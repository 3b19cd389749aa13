package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    @Test
    void lastDimensionIsARowAndAllOthersCountRows() {
        Shape shape = Shape.of(2, 3, 5);
        assertEquals(3, shape.rank());
        assertEquals(3, shape.dim(1));
        assertEquals(30, shape.size());
        assertEquals(6, shape.rows());
        assertEquals(5, shape.columns());
    }

    @Test
    void vectorIsOneRow() {
        assertEquals(1, Shape.of(7).rows());
        assertEquals(7, Shape.of(7).columns());
    }

    @Test
    void scalarHasNoDimensionsAndOneElement() {
        assertEquals(0, Shape.scalar().rank());
        assertEquals(1, Shape.scalar().size());
        assertEquals(1, Shape.scalar().rows());
        assertEquals(1, Shape.scalar().columns());
        assertEquals(Shape.of(), Shape.scalar());
    }

    @Test
    void equalDimensionsAreEqualShapes() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(6), Shape.of(2, 3));
        assertNotEquals(Shape.of(1), Shape.scalar());
    }

    @Test
    void printsAsATuple() {
        assertEquals("(2, 3)", Shape.of(2, 3).toString());
        assertEquals("(4)", Shape.of(4).toString());
        assertEquals("()", Shape.scalar().toString());
    }

    @Test
    void laterChangeOfTheArrayDoesNotChangeTheShape() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        assertEquals(Shape.of(2, 3), shape);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void dimensionBelowOneIsRefused(int dim) {
        Exception refusal = assertThrows(IllegalArgumentException.class, () -> Shape.of(4, dim));
        assertEquals("shape (4, " + dim + "): every dimension must be at least 1", refusal.getMessage());
    }

    @Test
    void asManyElementsAsAnArrayHoldsAreAllowed() {
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
        assertEquals(1 << 30, Shape.of(1 << 15, 1 << 15).size());
    }

    @Test
    void tooManyElementsAreRefused() {
        assertTooMany("2147483648", 1 << 16, 1 << 15); // negative as an int
        assertTooMany("4294967296", 1 << 16, 1 << 16); // zero as an int
        assertTooMany("18446744073709551616", 1 << 16, 1 << 16, 1 << 16, 1 << 16); // zero as a long
        int most = Integer.MAX_VALUE;
        assertTooMany("9903520300447984150353281023", most, most, most);
    }

    private static void assertTooMany(String elements, int... dims) {
        String message = assertThrows(IllegalArgumentException.class, () -> Shape.of(dims))
                .getMessage();
        String shape = Arrays.toString(dims).replace('[', '(').replace(']', ')');
        assertEquals(
                "shape " + shape + ": has " + elements + " elements, but an array holds at most 2147483647", message);
    }
}
