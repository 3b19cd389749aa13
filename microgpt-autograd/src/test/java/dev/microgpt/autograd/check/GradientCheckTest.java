package dev.microgpt.autograd.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    // ---- what a training run does and a single recording does not: sums, and buffers that were used before ----

    @Test
    void backwardThatAssignsFails() {
        assertRefused("backward set the gradient of input 0 (2, 2)", Flaw.ASSIGNS, x);
    }

    @Test
    void backwardThatAssignsFailsBehindAnotherOperation() {
        assertFails(
                "backward set the gradient of input 0 (2, 2)",
                () -> GradientCheck.smooth()
                        .check("double", tape -> tape.apply(new Flawed(tape.scale(x, 3), Flaw.ASSIGNS)), x));
    }

    @Test
    void backwardThatAssignsOneElementFails() {
        assertRefused("backward set the gradient of input 0 (2, 2)", Flaw.ASSIGNS_ONE_ELEMENT, x);
    }

    @Test
    void outputThatIsLeftUnwrittenFails() {
        assertRefused("forward computed", Flaw.LEAVES_ZERO_UNWRITTEN, x);
    }

    @Test
    void outputOfAnIntermediateOperationThatIsLeftUnwrittenFails() {
        assertFails(
                "forward computed",
                () -> GradientCheck.kinked()
                        .check(
                                "double",
                                tape -> tape.add(tape.relu(tape.apply(new Flawed(x, Flaw.LEAVES_ZERO_UNWRITTEN))), x),
                                x));
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.class,
            names = {"SUMS_TO_LENGTH", "MAXIMUM_TO_LENGTH", "MINIMUM_TO_LENGTH"})
    void forwardThatReadsAnInputToItsLengthFails(Flaw flaw) {
        assertRefused("forward computed", flaw, x);
        assertRefused("forward computed", flaw, x, tape -> tape.scale(x, 1));
        Tensor constant = Tensor.constant(Shape.of(2, 2), 1, 2, 3, 4);
        assertFails(
                "forward computed",
                () -> GradientCheck.smooth()
                        .check("double", tape -> tape.add(x, tape.apply(new Flawed(constant, flaw))), x));
    }

    @Test
    void forwardThatWritesToTheLengthFails() {
        assertRefused("forward wrote beyond the 4 elements of its output", Flaw.WRITES_TO_LENGTH, x);
        assertRefused(
                "forward wrote beyond the 4 elements of its output",
                Flaw.WRITES_TO_LENGTH,
                x,
                tape -> tape.scale(x, 1));
        assertRefused("ArrayIndexOutOfBoundsException", Flaw.READS_OWN_ARRAY_TO_LENGTH, x);
    }

    @Test
    void backwardThatReadsItsGradientToTheLengthFails() {
        assertRefused("backward", Flaw.SUMS_GRADIENT_TO_LENGTH, x);
    }

    @Test
    void backwardThatWritesToTheLengthFails() {
        assertRefused("backward wrote beyond the 4 elements of the gradient", Flaw.ADDS_TO_LENGTH, x);
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.class,
            names = {"BUFFER_ASSUMED_ZERO", "MASK_ASSUMED_ZERO"})
    void bufferThatIsAssumedToBeZeroFails(Flaw flaw) {
        assertRefused("forward computed", flaw, x);
    }

    @Test
    void bufferOfBackwardThatIsAssumedToBeZeroFails() {
        assertRefused("backward", Flaw.BACKWARD_BUFFER_ASSUMED_ZERO, x);
    }

    @Test
    void bufferThatIsUsedBeyondItsSizeFails() {
        assertRefused("beyond the 4 elements that were asked for", Flaw.FILLS_BUFFER_TO_LENGTH, x);
    }

    @Test
    void backwardThatModifiesItsOutputFails() {
        assertRefused("backward modified its output", Flaw.MODIFIES_OUTPUT, x);
        assertRefused("backward modified the gradient of its output", Flaw.MODIFIES_OUTPUT_GRADIENT, x);
    }

    @Test
    void operationWithoutFlawPasses() {
        GradientCheck.smooth().check("double", tape -> tape.apply(new Flawed(x, Flaw.NONE)), x);
        GradientCheck.smooth().check("double", tape -> tape.apply(new Flawed(tape.multiply(x, x), Flaw.NONE)), x);
    }

    private static void assertFails(String what, Executable check) {
        String message = assertThrows(AssertionError.class, check).getMessage();
        assertTrue(message.startsWith("double: ") && message.contains(what), message);
    }

    private static void assertRefused(String what, Flaw flaw, Parameter x) {
        assertRefused(what, flaw, x, tape -> x);
    }

    private static void assertRefused(String what, Flaw flaw, Parameter x, Function<Tape, Tensor> input) {
        assertFails(
                what,
                () -> GradientCheck.smooth()
                        .check("double", tape -> tape.apply(new Flawed(input.apply(tape), flaw)), x));
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
        for (int call = 1; call <= 19; call++) { // one for backward, four for each of the elements, two for the buffers
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
            assertEquals(last, calls[0]);
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
    void gradientsOfTheCallerDoNotCountAndStayAsTheyAre() {
        x.grad()[0] = 1e6;
        w.grad()[3] = -7;
        double[] values = x.data();
        double[] gradient = x.grad();
        GradientCheck.smooth().check("x·w", tape -> tape.multiply(tape.apply(new Cube(x, 0, 0)), w), x);
        assertThrows(
                AssertionError.class,
                () -> GradientCheck.smooth().check("cube", tape -> tape.apply(new Cube(x, 0, 1)), x));
        assertSame(values, x.data());
        assertSame(gradient, x.grad());
        assertArrayEquals(new double[] {1e6, 0, 0, 0}, x.grad());
        assertArrayEquals(new double[] {0, 0, 0, -7}, w.grad(), "an input that is not checked");
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

    private enum Flaw {
        NONE,
        ASSIGNS,
        ASSIGNS_ONE_ELEMENT,
        LEAVES_ZERO_UNWRITTEN,
        SUMS_TO_LENGTH,
        MAXIMUM_TO_LENGTH,
        MINIMUM_TO_LENGTH,
        WRITES_TO_LENGTH,
        READS_OWN_ARRAY_TO_LENGTH,
        SUMS_GRADIENT_TO_LENGTH,
        ADDS_TO_LENGTH,
        BUFFER_ASSUMED_ZERO,
        MASK_ASSUMED_ZERO,
        BACKWARD_BUFFER_ASSUMED_ZERO,
        FILLS_BUFFER_TO_LENGTH,
        MODIFIES_OUTPUT,
        MODIFIES_OUTPUT_GRADIENT
    }

    /** {@code y = 2x + c}, whose derivative is right on one fresh recording, with a flaw that a second one shows. */
    private record Flawed(Tensor x, Flaw flaw) implements Op {
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
            double c = 0;
            double[] all = x.data();
            double[] buffer = tape.buffer(4);
            switch (flaw) {
                case SUMS_TO_LENGTH -> c = sum(all) - sum(x.toArray());
                case MAXIMUM_TO_LENGTH -> c = largest(all, 1) - largest(x.toArray(), 1);
                case MINIMUM_TO_LENGTH -> c = largest(all, -1) - largest(x.toArray(), -1);
                case BUFFER_ASSUMED_ZERO -> c = buffer[3];
                case MASK_ASSUMED_ZERO -> c = buffer[2] > 0 || buffer[3] > 0 ? 1 : 0;
                case FILLS_BUFFER_TO_LENGTH -> Arrays.fill(buffer, 1);
                case READS_OWN_ARRAY_TO_LENGTH -> c = 0 * x.toArray()[all.length - 1];
                default -> {}
            }
            int end = flaw == Flaw.WRITES_TO_LENGTH ? Math.min(all.length, y.data().length) : 4;
            for (int i = flaw == Flaw.LEAVES_ZERO_UNWRITTEN ? 1 : 0; i < end; i++) {
                y.data()[i] = 2 * all[i] + c;
            }
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            double[] dx = x.grad();
            double[] dy = y.grad();
            double c = 0;
            switch (flaw) {
                case BACKWARD_BUFFER_ASSUMED_ZERO -> c = tape.buffer(4)[3];
                case SUMS_GRADIENT_TO_LENGTH -> c = sum(dy) - sum(Arrays.copyOf(dy, 4));
                default -> {}
            }
            int end = flaw == Flaw.ADDS_TO_LENGTH ? Math.min(dx.length, dy.length) : 4;
            for (int i = flaw == Flaw.LEAVES_ZERO_UNWRITTEN ? 1 : 0; i < end; i++) {
                boolean assigns = flaw == Flaw.ASSIGNS || flaw == Flaw.ASSIGNS_ONE_ELEMENT && i == 2;
                dx[i] = (assigns ? 0 : dx[i]) + 2 * dy[i] + c;
            }
            if (flaw == Flaw.MODIFIES_OUTPUT) {
                y.data()[1] = 0;
            } else if (flaw == Flaw.MODIFIES_OUTPUT_GRADIENT) {
                dy[1] = 0;
            }
        }

        private static double sum(double[] numbers) {
            double sum = 0;
            for (double number : numbers) {
                sum += number;
            }
            return sum;
        }

        private static double largest(double[] numbers, int sign) {
            double largest = Double.NEGATIVE_INFINITY;
            for (double number : numbers) {
                if (sign * number > largest) {
                    largest = sign * number;
                }
            }
            return largest;
        }
    }
}
