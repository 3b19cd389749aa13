package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.check.GradientCheck;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The base classes of operations compute every item once, forward and backward, whether threads share them or not. */
class RowOpTest {
    /** {@code y = 2x}, which counts how often each row is computed. */
    private static final class CountedDouble extends RowOp {
        private final Tensor x;
        private final AtomicIntegerArray forward;
        private final AtomicIntegerArray backward;
        private final AtomicIntegerArray parts =
                new AtomicIntegerArray(Kernels.active().threads());

        CountedDouble(Tensor x) {
            this.x = x;
            this.forward = new AtomicIntegerArray(x.shape().rows());
            this.backward = new AtomicIntegerArray(x.shape().rows());
        }

        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public Shape shape() {
            return x.shape();
        }

        @Override
        protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
            parts.incrementAndGet(part);
            for (int t = from; t < to; t++) {
                forward.incrementAndGet(t);
                int row = t * shape().columns();
                kernels.scale(2, x.data(), row, y.data(), row, shape().columns());
            }
        }

        @Override
        protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
            for (int t = from; t < to; t++) {
                backward.incrementAndGet(t);
                int row = t * shape().columns();
                kernels.axpy(2, y.grad(), row, x.grad(), row, shape().columns());
            }
        }
    }

    /** {@code y = x²}, as an operation of a user's own. */
    private static final class Square extends ElementOp {
        Square(Tensor x) {
            super(x, 1);
        }

        @Override
        protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] * x[i];
            }
        }

        @Override
        protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
            for (int i = from; i < to; i++) {
                dx[i] += dy[i] * 2 * x[i];
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000, 1_001})
    void everyRowIsComputedOnce(int rows) {
        int columns = 640; // 1,000 rows are worth waking a thread
        Parameter x = new Parameter("x", Shape.of(rows, columns), filled(rows * columns, 3));
        Tape tape = Tape.training();
        CountedDouble op = new CountedDouble(x);
        Tensor y = tape.apply(op);
        tape.backward(tape.sum(y));
        assertArrayEquals(filled(rows * columns, 6), y.toArray());
        assertArrayEquals(filled(rows * columns, 2), x.grad());
        for (int t = 0; t < rows; t++) {
            assertEquals(1, op.forward.get(t), "forward of row " + t);
            assertEquals(1, op.backward.get(t), "backward of row " + t);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 1_000})
    void partsAreDistinctAndAllThreadsGetOneIfTheWorkIsLarge(int rows) {
        CountedDouble op = new CountedDouble(Tensor.constant(Shape.of(rows, 640), filled(rows * 640, 1)));
        Tape.inference().apply(op);
        int used = 0;
        for (int part = 0; part < op.parts.length(); part++) {
            assertTrue(op.parts.get(part) <= 1, "part " + part + " was used " + op.parts.get(part) + " times");
            used += op.parts.get(part);
        }
        assertEquals(rows < 1_000 ? 1 : Kernels.active().threads(), used);
    }

    @Test
    void elementOpHasTheDerivativeOfItsLoops() {
        Parameter x = new Parameter("x", Shape.of(2, 3), 0.5, -1, 2, 3, -0.25, 1);
        GradientCheck.smooth().check("square", tape -> tape.apply(new Square(x)), x);
    }

    @Test
    void elementOpOfNothingNamesTheOperation() {
        NullPointerException refused = assertThrows(NullPointerException.class, () -> new Square(null));
        assertEquals("square: x is null", refused.getMessage());
    }

    private static double[] filled(int size, double number) {
        double[] numbers = new double[size];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
