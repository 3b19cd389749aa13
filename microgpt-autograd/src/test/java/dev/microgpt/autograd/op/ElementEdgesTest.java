package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Functions of elements and reductions at kinks, at infinity, of NaN, and shared among threads. */
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

    // ---- where there is no derivative, and at the ends of the range ----

    @Test
    void kinksHaveTheDerivativesOfTorch() {
        check(
                Tape::absolute,
                new double[] {0.0, -0.0, INFINITY, -INFINITY, -2},
                new double[] {0, 0, INFINITY, INFINITY, 2},
                new double[] {0, 0, 1, -1, -1});
        check(
                (tape, x) -> tape.clamp(x, -1, 2),
                new double[] {-1, 2, NAN, 3, -INFINITY},
                new double[] {-1, 2, NAN, 2, -1},
                new double[] {1, 1, 1, 0, 0});
        check(
                (tape, x) -> tape.clamp(x, -INFINITY, 2),
                new double[] {-INFINITY, 2, 3},
                new double[] {-INFINITY, 2, 2},
                new double[] {1, 1, 0});
        check(Tape::squareRoot, new double[] {0, -1, INFINITY, 4}, new double[] {0, NAN, INFINITY, 2}, new double[] {
            INFINITY, NAN, 0, 0.25
        });
        check(Tape::log, new double[] {0, -1, INFINITY, 1}, new double[] {-INFINITY, NAN, INFINITY, 0}, new double[] {
            INFINITY, -1, 0, 1
        });
        check(Tape::exp, new double[] {1000, -1000, 0, -INFINITY}, new double[] {INFINITY, 0, 1, 0}, new double[] {
            INFINITY, 0, 1, 0
        });
        check(
                Tape::reluSquared,
                new double[] {0, -0.0, -1, 3, INFINITY, NAN},
                new double[] {0, 0, 0, 9, INFINITY, NAN},
                new double[] {0, 0, 0, 6, INFINITY, NAN});
    }

    @Test
    void powersOfZeroAndOfNegativeNumbersAreThoseOfTorch() {
        double[] x = {0, -1.5, 2, INFINITY};
        check((tape, t) -> tape.power(t, 0), x, new double[] {1, 1, 1, 1}, new double[] {0, 0, 0, 0});
        check((tape, t) -> tape.power(t, 1), x, x, new double[] {1, 1, 1, 1});
        check((tape, t) -> tape.power(t, 2), x, new double[] {0, 2.25, 4, INFINITY}, new double[] {0, -3, 4, INFINITY});
        check((tape, t) -> tape.power(t, -1), x, new double[] {INFINITY, -1 / 1.5, 0.5, 0}, new double[] {
            -INFINITY, -1 / 2.25, -0.25, -0.0
        });
        check((tape, t) -> tape.power(t, 0.5), x, new double[] {0, NAN, Math.sqrt(2), INFINITY}, new double[] {
            INFINITY, NAN, 0.5 / Math.sqrt(2), 0
        });
    }

    @Test
    void operandsThatAreEqualShareTheGradient() {
        for (boolean larger : new boolean[] {true, false}) {
            Tape tape = Tape.training();
            Parameter a = new Parameter("a", Shape.of(5), 1, 2, 0.0, NAN, 1);
            Parameter b = new Parameter("b", Shape.of(5), 1, 3, -0.0, 1, NAN);
            Tensor y = larger ? tape.maximum(a, b) : tape.minimum(a, b);
            tape.backward(y, 2, 2, 2, 2, 2);
            assertArrayEquals(new double[] {1, larger ? 3 : 2, larger ? 0.0 : -0.0, NAN, NAN}, y.toArray());
            assertArrayEquals(new double[] {1, larger ? 0 : 2, 1, 2, 2}, a.grad());
            assertArrayEquals(new double[] {1, larger ? 2 : 0, 1, 2, 2}, b.grad());
        }
    }

    @Test
    void largeArgumentsNeitherOverflowNorLoseTheirDerivative() {
        double[] x = {1000, -1000, INFINITY};
        check(Tape::softplus, x, new double[] {1000, 0, INFINITY}, new double[] {1, 0, 1});
        check(Tape::sigmoid, x, new double[] {1, 0, 1}, new double[] {0, 0, 0});
        check(Tape::tanh, x, new double[] {1, -1, 1}, new double[] {0, 0, 0});
        check((tape, t) -> tape.softCap(t, 5), x, new double[] {5, -5, 5}, new double[] {0, 0, 0});
        check(
                Tape::silu,
                new double[] {1000, -1000, INFINITY, -INFINITY},
                new double[] {1000, -0.0, INFINITY, NAN},
                new double[] {1, -0.0, NAN, NAN});
    }

    /** Where {@code 1 + e} is rounded to 1, all digits of {@code e} remain. */
    @Test
    void softplusOfNegativeNumbersKeepsItsDigits() {
        for (double x : new double[] {-0.5, -5, -17, -36, -37, -40, -300, -700}) {
            double expected = StrictMath.log1p(StrictMath.exp(x));
            assertEquals(
                    expected,
                    Tape.inference().softplus(Tensor.constant(Shape.of(1), x)).item(),
                    1e-15 * expected);
        }
    }

    @Test
    void divisionByZeroIsInfiniteOrNan() {
        Tape tape = Tape.training();
        Parameter a = new Parameter("a", Shape.of(3), 1, -1, 0);
        Parameter b = new Parameter("b", Shape.of(3), 0, 0, 0);
        Tensor y = tape.divide(a, b);
        tape.backward(y, 1, 1, 1);
        assertArrayEquals(new double[] {INFINITY, -INFINITY, NAN}, y.toArray());
        assertArrayEquals(new double[] {INFINITY, INFINITY, INFINITY}, a.grad());
        assertArrayEquals(new double[] {-INFINITY, INFINITY, NAN}, b.grad());
    }

    // ---- the largest ----

    @Test
    void firstOfTheLargestGetsTheGradientAndNanIsTheLargest() {
        Parameter x = new Parameter("x", Shape.of(3, 3), 1, 5, 5, NAN, 2, NAN, 1, 5, -INFINITY);
        Tape tape = Tape.training();
        Tensor rows = tape.maxOfEachRow(x);
        Tensor columns = tape.maxOfEachColumn(x);
        assertArrayEquals(new double[] {5, NAN, 5}, rows.toArray());
        assertArrayEquals(new double[] {NAN, 5, NAN}, columns.toArray());
        Tensor all = tape.max(x);
        assertEquals(NAN, all.item());
        tape.backward(tape.add(tape.sum(rows), tape.add(tape.sum(columns), all)));
        assertArrayEquals(new double[] {0, 2, 0, 3, 0, 1, 0, 1, 0}, x.grad());
    }

    @Test
    void maximumOfMinusInfinitiesIsTheFirst() {
        check(Tape::max, new double[] {-INFINITY, -INFINITY}, new double[] {-INFINITY}, new double[] {1, 0});
    }

    // ---- threads ----

    /** A large matrix is shared among threads, its rows and columns alone are not. */
    @Test
    void rowsAndColumnsHaveTheSameBitsForAnyNumberOfThreads() {
        int rows = 601;
        int columns = 1103;
        Sizes sizes = Sizes.of(rows, columns, 1);
        Parameter x = sizes.matrix("x");
        Parameter scale = sizes.positive("scale", rows, 1);
        Parameter row = sizes.normal("row", columns);
        double[] gradient = sizes.matrix("dy").data();
        Tape tape = Tape.training();
        Tensor y = tape.maximum(tape.divide(x, scale), row);
        tape.backward(y, gradient);
        double[] sums = Tape.inference().sumOfEachColumn(x).toArray();
        double[] largest = Tape.inference().maxOfEachColumn(x).toArray();
        double[] expectedSums = new double[columns];
        double[] expectedLargest = new double[columns];
        Arrays.fill(expectedLargest, -INFINITY);
        for (int t = 0; t < rows; t++) {
            int from = t * columns;
            double[] numbers = Arrays.copyOfRange(x.data(), from, from + columns);
            Parameter one = new Parameter("row " + t, Shape.of(1, columns), numbers);
            Parameter divisor = new Parameter("scale " + t, Shape.of(1, 1), scale.data()[t]);
            Tape alone = Tape.training();
            Tensor part = alone.maximum(alone.divide(one, divisor), Tensor.constant(row.shape(), row.data()));
            alone.backward(part, Arrays.copyOfRange(gradient, from, from + columns));
            assertArrayEquals(part.toArray(), Arrays.copyOfRange(y.toArray(), from, from + columns), "row " + t);
            assertArrayEquals(one.grad(), Arrays.copyOfRange(x.grad(), from, from + columns), "gradient of row " + t);
            assertEquals(divisor.grad()[0], scale.grad()[t], "gradient of divisor " + t);
            for (int c = 0; c < columns; c++) {
                expectedSums[c] += numbers[c];
                expectedLargest[c] = Math.max(expectedLargest[c], numbers[c]);
            }
        }
        assertArrayEquals(expectedSums, sums);
        assertArrayEquals(expectedLargest, largest);
    }

    /** Applies a function and runs backward from ones. */
    private static void check(BiFunction<Tape, Tensor, Tensor> function, double[] x, double[] y, double[] dx) {
        Tape tape = Tape.training();
        Parameter parameter = new Parameter("x", Shape.of(x.length), x.clone());
        Tensor found = function.apply(tape, parameter);
        double[] ones = new double[y.length];
        Arrays.fill(ones, 1);
        tape.backward(found, ones);
        assertArrayEquals(y, found.toArray(), 1e-15);
        assertArrayEquals(dx, parameter.grad(), 1e-15);
    }
}
