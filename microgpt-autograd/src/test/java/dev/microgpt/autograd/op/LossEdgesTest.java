package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LogSoftmax, the mean squared error and the binary cross-entropy of numbers that are large, infinite or NaN. */
class LossEdgesTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    // ---- logSoftmax ----

    @ParameterizedTest
    @ValueSource(doubles = {1e3, -1e3})
    void logSoftmaxOfLargeLogitsHasTheRightGradient(double size) {
        Parameter x = Sizes.of(3, 6, 1).matrix("x");
        Tensor shift = Tensor.constant(Shape.of(6), size, size, -size, size, 0, size);
        GradientCheck.smooth().check("logSoftmax", tape -> tape.logSoftmax(tape.add(x, shift)), x);
    }

    @Test
    void logSoftmaxIsFiniteWhereSoftmaxIsZero() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2, 3), 1e3, -1e3, -1e3, 0.5, 0.5, 0.5);
        Tensor y = tape.logSoftmax(x);
        tape.backward(y, 0, 1, 0, 0, 0, 0);
        assertArrayEquals(new double[] {0, -2e3, -2e3}, row(y));
        assertEquals(-StrictMath.log(3), y.toArray()[4], 1e-15);
        assertArrayEquals(new double[] {-1, 1, 0, 0, 0, 0}, x.grad());
    }

    @Test
    void logSoftmaxHasNoProbabilityForMinusInfinityAndNanForInfinity() {
        Tape tape = Tape.training();
        double[] rows = {1, -INFINITY, 1, 0, INFINITY, 2, -INFINITY, -INFINITY, -INFINITY, 1, NAN, 2};
        Parameter x = new Parameter("x", Shape.of(4, 3), rows);
        Tensor y = tape.logSoftmax(x);
        tape.backward(y, 2, 3, 4, 0, 0, 0, 0, 0, 0, 1, 1, 1);
        double half = -0.6931471805599453;
        assertArrayEquals(new double[] {half, -INFINITY, half}, row(y));
        for (int i = 3; i < 12; i++) {
            assertEquals(NAN, y.data()[i]);
            assertEquals(NAN, x.grad()[i]);
        }
        assertArrayEquals(new double[] {2 - 4.5, 3, 4 - 4.5}, Arrays.copyOf(x.grad(), 3), 1e-15);
    }

    // ---- meanSquaredError ----

    @Test
    void errorOfWhatIsRightIsZeroWithoutAGradient() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2), 1e300, -3);
        Tensor loss = tape.meanSquaredError(x, x);
        tape.backward(loss);
        assertEquals(0, loss.item());
        assertArrayEquals(new double[2], x.grad());
    }

    @Test
    void errorOfInfinityIsInfiniteAndOfNanNan() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(3), INFINITY, 1, 2);
        Tensor loss = tape.meanSquaredError(x, Tensor.constant(Shape.of(3), 0, 4, 2));
        tape.backward(loss);
        assertEquals(INFINITY, loss.item());
        assertArrayEquals(new double[] {INFINITY, -2, 0}, x.grad());
        Tensor nan = Tensor.constant(Shape.of(3), 0, NAN, 2);
        assertEquals(NAN, Tape.inference().meanSquaredError(x, nan).item());
    }

    // ---- binaryCrossEntropyWithLogits ----

    @Test
    void lossOfACertainMistakeIsTheLogit() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2, 2), 1e3, -1e3, 1e3, -1e3);
        Tensor loss = tape.binaryCrossEntropyWithLogits(x, 0, 1, 1, 0);
        tape.backward(loss);
        assertEquals(500, loss.item());
        assertArrayEquals(new double[] {0.25, -0.25, 0, 0}, x.grad());
    }

    @Test
    void lossOfNoOpinionIsOneBit() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(4), 0.0, -0.0, 0.0, -0.0);
        Tensor loss = tape.binaryCrossEntropyWithLogits(x, 0, 1, 0.5, 0.25);
        tape.backward(loss);
        assertEquals(0.6931471805599453, loss.item());
        assertArrayEquals(new double[] {0.125, -0.125, 0, 0.0625}, x.grad());
    }

    @Test
    void lossOfACertainHitKeepsItsDigits() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2), 40, -40);
        Tensor loss = tape.binaryCrossEntropyWithLogits(x, 1, 0);
        tape.backward(loss);
        double e = 4.248354255291589e-18; // exp(−40)
        assertEquals(e, loss.item(), 1e-15 * e);
        assertArrayEquals(new double[] {-e / 2, e / 2}, x.grad(), 1e-15 * e);
    }

    @Test
    void impossibleTargetCostsInfinityAndNanCostsNan() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2), INFINITY, -INFINITY);
        Tensor loss = tape.binaryCrossEntropyWithLogits(x, 0, 1);
        tape.backward(loss);
        assertEquals(INFINITY, loss.item());
        assertArrayEquals(new double[] {0.5, -0.5}, x.grad());
        Parameter nan = new Parameter("x", Shape.of(2), 1, NAN);
        assertEquals(
                NAN, Tape.inference().binaryCrossEntropyWithLogits(nan, 0, 1).item());
    }

    private static double[] row(Tensor y) {
        return Arrays.copyOf(y.data(), 3);
    }
}
