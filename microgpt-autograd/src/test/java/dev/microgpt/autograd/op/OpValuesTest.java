package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that are tiny, large, equal or zero. */
class OpValuesTest {
    static final List<OpCases.Form> FORMS = OpCases.FORMS;

    /** A ReLU at 1e-8 is nearer to its kink than any step of a difference. */
    static List<OpCases.Form> smoothForms() {
        return FORMS.stream().filter(form -> form.kind() == OpCases.Kind.SMOOTH).toList();
    }

    /** One input at a time: where two are tiny, the differences drown in the rounding of what they are added to. */
    @ParameterizedTest
    @MethodSource("smoothForms")
    void gradientIsRightForATinyInput(OpCases.Form form) {
        for (int i = 0; i < form.at(7, 8, 9).inputs().size(); i++) {
            OpCase made = form.at(7, 8, 9);
            Parameter tiny = made.inputs().get(i);
            Arrays.setAll(tiny.data(), j -> 1e-8 * tiny.data()[j]);
            made.check().check(made + ", tiny " + tiny, made::apply, tiny);
        }
    }

    @ParameterizedTest
    @MethodSource("smoothForms")
    void gradientIsRightForZeros(OpCases.Form form) {
        OpCase made = form.at(7, 9, 8);
        for (Parameter input : made.inputs()) {
            double[] x = input.data();
            Arrays.setAll(x, i -> new double[] {x[i], 0.0, x[i], -0.0}[i % 4]);
        }
        made.worstError();
    }

    // ---- large ----

    @ParameterizedTest
    @ValueSource(doubles = {1e3, -1e3})
    void softmaxOfLargeLogitsHasTheRightGradient(double size) {
        Parameter x = Sizes.of(3, 27, 1).matrix("x");
        GradientCheck.smooth().check("softmax", tape -> tape.softmax(tape.add(x, shift(27, size))), x);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, -1e3})
    void crossEntropyOfLargeLogitsHasTheRightGradient(double size) {
        Parameter x = Sizes.of(3, 27, 1).matrix("x");
        GradientCheck.smooth()
                .check("crossEntropy", tape -> tape.crossEntropy(tape.add(x, shift(27, size)), 26, 0, 5), x);
    }

    @Test
    void logitsAtBothExtremesHaveTheRightGradient() {
        Parameter x = Sizes.of(3, 6, 1).matrix("x");
        Tensor extremes = Tensor.constant(Shape.of(6), 1e3, -1e3, 1e3, 0, 1e3, -1e3);
        GradientCheck.smooth().check("softmax", tape -> tape.softmax(tape.add(x, extremes)), x);
        GradientCheck.smooth().check("crossEntropy", tape -> tape.crossEntropy(tape.add(x, extremes), 1, 3, 2), x);
    }

    @Test
    void lossOfACertainMistakeIsTheDistanceOfTheLogits() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(1, 3), 1e3, -1e3, -1e3);
        Tensor loss = tape.crossEntropy(x, 1);
        tape.backward(loss);
        assertEquals(2e3, loss.item());
        assertArrayEquals(new double[] {1, -1, 0}, x.grad());
    }

    private static Tensor shift(int columns, double by) {
        double[] data = new double[columns];
        Arrays.fill(data, by);
        return Tensor.constant(Shape.of(columns), data);
    }

    // ---- equal ----

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0, 1.0, -1e3, 1e300, -1e300})
    void equalLogitsShareTheProbability(double logit) {
        for (int n : Sizes.EDGES) {
            double[] logits = new double[n];
            double[] expected = new double[n];
            Arrays.fill(logits, logit);
            Arrays.fill(expected, 1.0 / n);
            Tape tape = Tape.inference();
            Tensor x = Tensor.constant(Shape.of(1, n), logits);
            assertArrayEquals(expected, tape.softmax(x).toArray(), "softmax of " + n);
            assertEquals(StrictMath.log(n), tape.crossEntropy(x, n - 1).item(), 1e-15 * StrictMath.log(n));
        }
    }

    @Test
    void gradientIsRightForEqualLogits() {
        Parameter x = new Parameter("x", Shape.of(2, 27), new double[54]);
        Arrays.fill(x.data(), 0.75);
        GradientCheck.smooth().check("softmax", tape -> tape.softmax(x), x);
        GradientCheck.smooth().check("crossEntropy", tape -> tape.crossEntropy(x, 3, 26), x);
    }

    // ---- zero ----

    @Test
    void rmsNormOfAZeroVectorIsZeroWithTheGradientOfItsSlope() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(2, 3), new double[6]);
        Tensor y = tape.rmsNorm(x, 1e-5);
        tape.backward(y, 1, -2, 3, 0, 0, 1);
        assertArrayEquals(new double[6], y.toArray());
        double slope = 1 / Math.sqrt(1e-5);
        assertArrayEquals(new double[] {slope, -2 * slope, 3 * slope, 0, 0, slope}, x.grad(), 1e-12);
        GradientCheck.smooth().check("rmsNorm", other -> other.rmsNorm(x, 0.5), x);
    }

    /** In any length, also those that have no vectors; the sign of a zero may differ. */
    @Test
    void rmsNormWithAGainIsTheNormTimesTheGain() {
        for (int columns : new int[] {1, 5, 16, 64, 65}) {
            Sizes sizes = Sizes.of(6, columns, 1);
            Parameter x = sizes.matrix("x");
            x.data()[columns] = 0;
            Parameter gain = sizes.normal("gain", columns);
            double[] dy = sizes.matrix("dy").data();
            Tape two = Tape.training();
            Tensor composed = two.multiply(two.rmsNorm(x, 1e-5), gain);
            two.backward(composed, dy);
            double[] dx = x.grad().clone();
            double[] dGain = gain.grad().clone();
            x.zeroGrad();
            gain.zeroGrad();
            Tape one = Tape.training();
            Tensor y = one.rmsNorm(x, gain, 1e-5);
            one.backward(y, dy);
            for (int i = 0; i < dx.length; i++) {
                assertTrue(composed.data()[i] == y.data()[i] && dx[i] == x.grad()[i], i + " of " + columns);
            }
            for (int i = 0; i < columns; i++) {
                assertTrue(dGain[i] == gain.grad()[i], "gain " + i + " of " + columns);
            }
        }
    }

    @Test
    void layerNormOfAConstantRowIsItsBias() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(1, 4), 7, 7, 7, 7);
        Parameter gain = new Parameter("gain", Shape.of(4), 1, 2, 3, 4);
        Parameter bias = new Parameter("bias", Shape.of(4), 5, -6, 7, 8);
        Tensor y = tape.layerNorm(x, gain, bias, 1e-5);
        tape.backward(y, 1, 1, 1, 1);
        assertArrayEquals(bias.data(), y.toArray());
        assertArrayEquals(new double[4], gain.grad());
        double r = 1 / Math.sqrt(1e-5); // dx = r · (gain − mean(gain))
        assertArrayEquals(new double[] {-1.5 * r, -0.5 * r, 0.5 * r, 1.5 * r}, x.grad(), 1e-12 * r);
    }
}
