package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that only move elements: what one does, another undoes, to the bit, and NaN stays where it is. */
class ShapeLawsTest {
    private static final int ROWS = 513; // with 1277 columns enough to be shared among threads
    private static final int COLUMNS = 1311;

    record Law(String name, BiFunction<Tape, Tensor, Tensor> identity) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Law> laws() {
        int[] reversed = IntStream.range(0, ROWS * COLUMNS)
                .map(i -> COLUMNS - 1 - i % COLUMNS)
                .toArray();
        return List.of(
                new Law("transposed twice", (tape, x) -> tape.transpose(tape.transpose(x))),
                new Law("reshaped twice", (tape, x) -> tape.reshape(tape.reshape(x, COLUMNS, ROWS), ROWS, COLUMNS)),
                new Law(
                        "rows apart and together",
                        (tape, x) -> tape.concatenateRows(
                                tape.sliceRows(x, 0, 1), tape.sliceRows(x, 1, 500), tape.sliceRows(x, 500, ROWS))),
                new Law(
                        "columns apart and together",
                        (tape, x) -> tape.concatenateColumns(
                                tape.sliceColumns(x, 0, 1277), tape.sliceColumns(x, 1277, COLUMNS))),
                new Law("columns reversed twice", (tape, x) -> tape.gather(tape.gather(x, reversed), reversed)),
                new Law(
                        "the second of a stack of matrices",
                        (tape, x) -> tape.sliceRows(
                                tape.reshape(tape.stack(tape.scale(x, 2), x), 2 * ROWS, COLUMNS), ROWS, 2 * ROWS)));
    }

    @ParameterizedTest
    @MethodSource("laws")
    void elementsAndGradientsComeBackAsTheyWere(Law law) {
        Parameter x = Sizes.of(ROWS, COLUMNS, 1).matrix("x");
        x.data()[77 * COLUMNS + 5] = Double.NaN;
        x.data()[512 * COLUMNS + 130] = Double.NEGATIVE_INFINITY;
        x.data()[3] = -0.0;
        double[] dy = Sizes.of(ROWS, COLUMNS, 2).matrix("dy").data();
        dy[300 * COLUMNS] = Double.NaN;
        Tape tape = Tape.training();
        Tensor y = law.identity().apply(tape, x);
        tape.backward(y, dy);
        assertEquals(x.shape(), y.shape());
        assertArrayEquals(bits(x.data()), bits(y.toArray()));
        assertArrayEquals(bits(dy), bits(x.grad()));
    }

    @Test
    void whatIsNotPickedGetsNoGradientNotEvenNan() {
        Parameter x = new Parameter("x", Shape.of(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Tape tape = Tape.training();
        Tensor middle = tape.sliceColumns(tape.sliceRows(x, 1, 2), 1, 3);
        tape.backward(middle, Double.NaN, 2);
        assertArrayEquals(new double[] {5, 6}, middle.toArray());
        assertArrayEquals(new double[] {0, 0, 0, 0, Double.NaN, 2, 0, 0, 0}, x.grad());
        tape.reset();
        x.zeroGrad();
        Tensor picked = tape.gather(x, 2, 2, 0, 2, 1, 1);
        tape.backward(picked, 1, Double.NaN, 3, 4, 5, 6);
        assertArrayEquals(new double[] {3, 3, 4, 6, 8, 8}, picked.toArray());
        assertArrayEquals(new double[] {0, 0, Double.NaN, 3, 0, 4, 0, 11, 0}, x.grad());
    }

    @Test
    void stackAndReshapeHaveTheirRanks() {
        Tape tape = Tape.inference();
        Tensor x = Tensor.constant(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertEquals(Shape.of(2, 2, 3), tape.stack(x, x).shape());
        assertEquals(Shape.of(1), tape.stack(tape.sum(x)).shape());
        assertEquals(Shape.of(3, 1, 2), tape.reshape(x, 3, 1, 2).shape());
        assertEquals(21, tape.reshape(tape.reshape(tape.sum(x), 1, 1)).item());
    }

    @Test
    void resultsAreCopies() {
        Parameter x = new Parameter("x", Shape.of(1, 2), 1, 2);
        Tape tape = Tape.inference();
        Tensor y = tape.reshape(x, 2);
        x.data()[0] = 9;
        assertArrayEquals(new double[] {1, 2}, y.toArray());
    }

    private static long[] bits(double[] numbers) {
        return Arrays.stream(numbers).mapToLong(Double::doubleToLongBits).toArray();
    }
}
