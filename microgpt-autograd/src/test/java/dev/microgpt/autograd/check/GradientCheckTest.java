package dev.microgpt.autograd.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker is checked with derivatives that are right, and with some that are slightly wrong. */
class GradientCheckTest {
    private final Parameter x = new Parameter("x", Shape.of(2, 2), 0.3, -1.2, 2.5, 0.7);
    private final Parameter w = new Parameter("w", Shape.of(2, 2), 1.1, 0.4, -0.6, 0.9);

    @Test
    void rightDerivativePassesWithAnErrorFarBelowTheTolerance() {
        double worst = GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x);
        assertTrue(worst > 0 && worst < 1e-9, "worst " + worst);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-7, -1e-7, 1e-6, 1e-3, 1})
    void derivativeWrongInOneElementFailsWithAllThatIsKnown(double wrong) {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().withSeed(5).check("cube", tape -> tape.apply(new Cube(x, 2, wrong)), x));
        Random random = new Random(5);
        random.nextGaussian();
        random.nextGaussian();
        double right = 3 * 2.5 * 2.5 * random.nextGaussian();
        String message = failure.getMessage();
        assertTrue(message.startsWith("cube: the gradient of x (2, 2) at index 2 is "), message);
        assertTrue(message.endsWith(" is allowed (seed 5)"), message);
        double byBackward = Double.parseDouble(message.replaceAll(".* is (\\S+) by backward.*", "$1"));
        double byDifferences = Double.parseDouble(message.replaceAll(".* but (\\S+) by finite differences.*", "$1"));
        assertEquals(right * (1 + wrong), byBackward, 1e-14 * Math.abs(right));
        assertEquals(right, byDifferences, 1e-9 * Math.abs(right));
    }

    @Test
    void errorBelowTheToleranceIsReportedNotRefused() {
        double worst =
                GradientCheck.smooth().withTolerance(1e-2).check("cube", tape -> tape.apply(new Cube(x, 2, 1e-3)), x);
        assertEquals(1e-3, worst, 1e-5);
    }

    @Test
    void theSecondInputIsCheckedToo() {
        String message = assertThrows(
                        AssertionError.class,
                        () -> GradientCheck.smooth()
                                .check(
                                        "sum of cubes",
                                        tape -> tape.add(
                                                tape.apply(new Cube(x, 0, 0)), tape.apply(new Cube(w, 3, 1e-6))),
                                        x,
                                        w))
                .getMessage();
        assertTrue(message.startsWith("sum of cubes: the gradient of w (2, 2) at index 3 is "), message);
    }

    @Test
    void nanAmongTheInputsIsAFailure() {
        x.data()[1] = Double.NaN;
        for (GradientCheck check :
                List.of(GradientCheck.smooth(), GradientCheck.smooth().allowingZeroGradients())) {
            assertThrows(AssertionError.class, () -> check.check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void gradientThatIsNotFiniteIsAFailure(double wrong) {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 2, wrong)), x));
        String message = failure.getMessage();
        assertTrue(message.startsWith("cube: the gradient of x (2, 2) at index 2 is "), message);
    }

    @Test
    void infiniteDifferenceIsAFailure() {
        x.data()[3] = 1e103; // its cube is infinite
        assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 1)), x));
    }

    /** Elements far below the largest are held to a hundredth of it, not to nothing. */
    @Test
    void smallGradientBesideALargeOneIsStillChecked() {
        Parameter uneven = new Parameter("uneven", Shape.of(2), 1e-2, 3);
        assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(uneven, 0, 1e-3)), uneven));
    }

    // ---- what proves nothing ----

    @Test
    void inputWithoutInfluenceIsRefused() {
        String message = assertThrows(
                        AssertionError.class,
                        () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x, w))
                .getMessage();
        assertEquals(
                "cube: no finite difference with respect to w (2, 2) exceeds 0.0, so the check proves nothing; choose"
                        + " inputs with a gradient above 0.001 (seed 0)",
                message);
    }

    @Test
    void zeroGradientsCanBeAllowedButMustBeZero() {
        Tensor zero = Tensor.constant(Shape.of(2, 2), new double[4]);
        GradientCheck check = GradientCheck.smooth().allowingZeroGradients();
        assertEquals(0, check.check("x · 0", tape -> tape.multiply(x, zero), x));
        assertThrows(
                AssertionError.class,
                () -> check.check("not zero", tape -> tape.apply(new ConstantWithGradient(x)), x));
    }

    // ---- what it leaves behind ----

    @Test
    void inputsAreRestoredToTheBit() {
        double[] before = x.data().clone();
        GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x);
        assertArrayEquals(before, x.data());
    }

    @Test
    void inputsAreRestoredWhenTheFunctionThrows() {
        double[] before = x.data().clone();
        for (int call = 1; call <= 17; call++) { // one for backward, four for each of the elements
            int last = call;
            int[] calls = {0};
            assertThrows(
                    ArithmeticException.class,
                    () -> GradientCheck.smooth()
                            .check(
                                    "cube",
                                    tape -> {
                                        if (++calls[0] == last) {
                                            throw new ArithmeticException("planted");
                                        }
                                        return tape.apply(new Cube(x, 0, 0));
                                    },
                                    x));
            assertArrayEquals(before, x.data(), "thrown by call " + call);
        }
    }

    @Test
    void inputsAreRestoredWhenTheGradientIsWrong() {
        double[] before = x.data().clone();
        assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 1)), x));
        assertArrayEquals(before, x.data());
    }

    @Test
    void gradientLeftFromBeforeDoesNotCount() {
        x.grad()[0] = 1e6;
        GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x);
        assertTrue(Math.abs(x.grad()[0]) < 10);
    }

    @Test
    void withMethodsChangeACopy() {
        GradientCheck check = GradientCheck.smooth();
        check.withTolerance(1);
        check.allowingZeroGradients();
        assertThrows(AssertionError.class, () -> check.check("cube", tape -> tape.apply(new Cube(x, 0, 1e-6)), x));
        assertThrows(AssertionError.class, () -> check.check("cube", tape -> tape.apply(new Cube(x, 0, 0)), x, w));
    }

    /** {@code y = x³}, whose derivative can be made wrong in one element. */
    private record Cube(Tensor x, int index, double wrong) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public Shape shape() {
            return x.shape();
        }

        @Override
        public void forward(Tape tape, Tensor y) {
            for (int i = 0; i < shape().size(); i++) {
                y.data()[i] = x.data()[i] * x.data()[i] * x.data()[i];
            }
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            for (int i = 0; i < shape().size(); i++) {
                double right = 3 * x.data()[i] * x.data()[i] * y.grad()[i];
                x.grad()[i] += i == index ? right * (1 + wrong) : right;
            }
        }
    }

    /** {@code y = 1}, with a derivative of 1e-12 where it should be 0. */
    private record ConstantWithGradient(Tensor x) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public Shape shape() {
            return Shape.scalar();
        }

        @Override
        public void forward(Tape tape, Tensor y) {
            y.data()[0] = 1;
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            x.grad()[0] += 1e-12;
        }
    }
}
