package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What turning must keep, whatever it turns. */
class RotaryTest {
    private static final int WIDTH = 16;

    @Test
    void pairsAreTurnedByTheFormula() {
        double x = 0.75;
        double y = -1.25;
        double angle = 7 * StrictMath.pow(1e4, -2.0 / 4);
        double[] turned = rotated(new double[] {0, x, 0, y}, 1, new RotaryTable(4, 1e4, 8), 7);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        assertArrayEquals(new double[] {0, x * cos - y * sin, 0, y * cos + x * sin}, turned);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 100, 1e4, 5e5, 1e7})
    void lengthOfEveryPairIsKept(double theta) {
        RotaryTable table = new RotaryTable(WIDTH, theta, 50);
        int[] positions = {0, 1, 2, 3, 17, 49, 50, 2047, 131_071};
        double[] x = Sizes.of(positions.length, 2 * WIDTH, 1).matrix("x").data();
        double[] y = rotated(x, 2, table, positions);
        for (int a = 0; a < x.length; a++) {
            if (a % WIDTH < WIDTH / 2) {
                double length = Math.hypot(x[a], x[a + WIDTH / 2]);
                assertEquals(length, Math.hypot(y[a], y[a + WIDTH / 2]), 4e-16 * length, "at " + a);
            }
        }
    }

    @Test
    void positionZeroIsNotTurned() {
        double[] x = Sizes.of(3, 2 * WIDTH, 1).matrix("x").data();
        assertArrayEquals(x, rotated(x, 2, new RotaryTable(WIDTH, 1e4, 1), 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 100, 1e4, 5e5, 1e7})
    void productOfAQueryAndAKeyDependsOnTheirDistanceOnly(double theta) {
        RotaryTable table = new RotaryTable(WIDTH, theta, 50);
        double[] q = Sizes.of(1, WIDTH, 1).matrix("q").data();
        double[] k = Sizes.of(1, WIDTH, 2).matrix("k").data();
        double lengths = Math.sqrt(dot(q, q) * dot(k, k));
        for (int distance : new int[] {0, 1, 5, 30, 1000}) {
            double first = dot(rotated(q, 1, table, distance), rotated(k, 1, table, 0));
            for (int from : new int[] {1, 7, 49, 2000}) {
                double later = dot(rotated(q, 1, table, from + distance), rotated(k, 1, table, from));
                // an angle of thousands of radians is rounded to some 2e-13, and so is what is turned by it
                assertEquals(first, later, 1e-12 * lengths, distance + " after " + from);
            }
        }
        double far = dot(rotated(q, 1, table, 5), rotated(k, 1, table, 0));
        assertTrue(Math.abs(far - dot(q, k)) > 1e-6 * lengths, "nothing is turned");
    }

    @Test
    void rowsOfAPackedBatchAreThoseOfEachSequenceAlone() {
        int[][] sequences = {{0, 1, 2, 3, 4}, {0}, {0, 1, 2}, {60, 61}}; // the last goes on beyond the table
        RotaryTable table = new RotaryTable(WIDTH, 1e4, 50);
        int[] all = Stream.of(sequences).flatMapToInt(IntStream::of).toArray();
        double[] x = Sizes.of(all.length, 3 * WIDTH, 1).matrix("x").data();
        double[] packed = rotated(x, 3, table, all);
        int from = 0;
        for (int[] positions : sequences) {
            int to = from + positions.length * 3 * WIDTH;
            double[] alone = rotated(Arrays.copyOfRange(x, from, to), 3, new RotaryTable(WIDTH, 1e4, 50), positions);
            assertArrayEquals(bits(Arrays.copyOfRange(packed, from, to)), bits(alone));
            from = to;
        }
    }

    /** Kept or not, grown or computed at once: the table has the same bits. */
    @Test
    void tableGrowsWithoutAnotherBit() {
        RotaryTable grown = new RotaryTable(WIDTH, 1e4, 50);
        for (int position : new int[] {0, 1, 2, 9, 3, 40, 49}) {
            double[] x = Sizes.of(1, WIDTH, position + 1).matrix("x").data();
            double[] atOnce = rotated(x, 1, new RotaryTable(WIDTH, 1e4, 50), position);
            double[] notKept = rotated(x, 1, new RotaryTable(WIDTH, 1e4, 0), position);
            assertArrayEquals(bits(atOnce), bits(rotated(x, 1, grown, position)), "position " + position);
            assertArrayEquals(bits(atOnce), bits(notKept), "position " + position);
        }
        assertEquals(50 * WIDTH, grown.upTo(49).length);
        assertEquals(3 * WIDTH, new RotaryTable(WIDTH, 1e4, 50).upTo(2).length, "no more than is needed at first");
    }

    /** Enough rows for several threads. */
    @Test
    void threadsTurnEachRowOnce() {
        int rows = 4001;
        Parameter x = Sizes.of(rows, 4 * WIDTH, 1).matrix("x");
        RotaryTable table = new RotaryTable(WIDTH, 1e4, rows);
        int[] positions = IntStream.range(0, rows).toArray();
        Tape tape = Tape.training();
        Tensor y = tape.rotary(x, 4, table, positions);
        tape.backward(y, x.data());
        for (int t : new int[] {0, 1, 1999, 2000, 2001, 4000}) {
            int from = t * 4 * WIDTH;
            double[] row = Arrays.copyOfRange(x.data(), from, from + 4 * WIDTH);
            double[] found = Arrays.copyOfRange(y.data(), from, from + 4 * WIDTH);
            assertArrayEquals(bits(rotated(row, 4, table, t)), bits(found), "row " + t);
            double[] back = rotated(Arrays.copyOfRange(x.grad(), from, from + 4 * WIDTH), 4, table, t);
            assertArrayEquals(row, back, 1e-14, "gradient of row " + t);
        }
    }

    private static double[] rotated(double[] x, int heads, RotaryTable table, int... positions) {
        Shape shape = Shape.of(positions.length, x.length / positions.length);
        return Tape.inference()
                .rotary(Tensor.constant(shape, x), heads, table, positions)
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static long[] bits(double[] numbers) {
        return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}
