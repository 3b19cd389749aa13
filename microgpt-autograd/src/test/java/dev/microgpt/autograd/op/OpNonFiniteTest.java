package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.shape.Gather;
import dev.microgpt.autograd.op.shape.SliceColumns;
import dev.microgpt.autograd.op.shape.SliceRows;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** NaN and infinity come through, so that training can notice them, and stay where they belong. */
class OpNonFiniteTest {
    static final List<OpCases.Form> FORMS = OpCases.FORMS;
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** All but those that use a part of their input, see {@link ShapeLawsTest}. */
    static List<OpCases.Form> formsThatUseEverything() {
        return FORMS.stream()
                .filter(form -> !Set.of(SliceRows.class, SliceColumns.class, Gather.class)
                        .contains(form.op()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("formsThatUseEverything")
    void nanInAnyElementReachesTheOutput(OpCases.Form form) {
        OpCase made = form.at(5, 6, 3);
        for (Parameter input : made.inputs()) {
            for (int i = 0; i < input.data().length; i++) {
                double number = input.data()[i];
                input.data()[i] = NAN;
                assertTrue(hasNan(made.apply(Tape.inference()).toArray()), made + ": " + input + " at " + i);
                input.data()[i] = number;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formsThatUseEverything")
    void nanInAllGradientsOfTheOutputReachesEveryInput(OpCases.Form form) {
        OpCase made = form.at(5, 6, 3);
        for (Parameter input : made.inputs()) {
            for (int i = 0; i < input.data().length; i++) {
                input.data()[i] = Math.abs(input.data()[i]); // a negative one would end at a ReLU
            }
        }
        Tape tape = Tape.training();
        Tensor y = made.apply(tape);
        double[] dy = new double[y.shape().size()];
        Arrays.fill(dy, NAN);
        tape.backward(y, dy);
        for (Parameter input : made.inputs()) {
            DoubleStream gradient = Arrays.stream(input.grad());
            boolean reached = form.kind() == OpCases.Kind.SELECTIVE
                    ? gradient.anyMatch(Double::isNaN)
                    : gradient.allMatch(Double::isNaN);
            assertTrue(reached, made + ": the gradient of " + input);
        }
    }

    @Test
    void nanSpoilsItsRowAndNoOther() {
        Parameter x = Sizes.of(3, 9, 1).matrix("x");
        x.data()[13] = NAN;
        Parameter ones = new Parameter("gain", Shape.of(9), 1, 1, 1, 1, 1, 1, 1, 1, 1);
        Tape tape = Tape.training();
        for (Tensor y : List.of(
                tape.softmax(x),
                tape.logSoftmax(x),
                tape.rmsNorm(x, 1e-5),
                tape.rmsNorm(x, ones, 1e-5),
                tape.layerNorm(x, ones, null, 1e-5))) {
            double[] numbers = y.toArray();
            assertFalse(hasNan(Arrays.copyOfRange(numbers, 0, 9)));
            assertTrue(Arrays.stream(numbers, 9, 18).allMatch(Double::isNaN));
            assertFalse(hasNan(Arrays.copyOfRange(numbers, 18, 27)));
        }
        tape.backward(tape.sum(tape.softmax(x)));
        assertFalse(hasNan(Arrays.copyOfRange(x.grad(), 0, 9)));
        assertTrue(Arrays.stream(x.grad(), 9, 18).allMatch(Double::isNaN));
        assertFalse(hasNan(Arrays.copyOfRange(x.grad(), 18, 27)));
    }

    @Test
    void logitOfMinusInfinityHasNoProbability() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(1, 3), 1, -INFINITY, 1);
        Tensor p = tape.softmax(x);
        tape.backward(p, 1, 1, 0);
        assertArrayEquals(new double[] {0.5, 0, 0.5}, p.toArray());
        assertArrayEquals(new double[] {0.25, 0, -0.25}, x.grad());
    }

    @Test
    void rowWithInfinityOrNothingButMinusInfinityIsNan() {
        Tape tape = Tape.inference();
        Tensor rows = Tensor.constant(Shape.of(2, 2), 0, INFINITY, -INFINITY, -INFINITY);
        assertArrayEquals(new double[] {NAN, NAN, NAN, NAN}, tape.softmax(rows).toArray());
        assertEquals(NAN, tape.crossEntropy(rows, 0, 0).item());
    }

    @Test
    void lossOfAnImpossibleTargetIsInfinite() {
        Tape tape = Tape.training();
        Parameter x = new Parameter("x", Shape.of(1, 3), 1, -INFINITY, 1);
        Tensor loss = tape.crossEntropy(x, 1);
        tape.backward(loss);
        assertEquals(INFINITY, loss.item());
        assertArrayEquals(new double[] {0.5, -1, 0.5}, x.grad());
    }

    @Test
    void attentionSkipsNanThatAQueryMustNotSee() {
        Parameter q = Sizes.of(40, 4, 1).matrix("q");
        Parameter k = Sizes.of(40, 4, 2).matrix("k");
        Parameter v = Sizes.of(40, 4, 3).matrix("v");
        Arrays.fill(k.data(), 39 * 4, 40 * 4, NAN);
        Arrays.fill(v.data(), 39 * 4, 40 * 4, INFINITY);
        Tape tape = Tape.training();
        Tensor y = tape.causalAttention(q, k, v, 2, Sequences.ofLengths(40));
        double[] numbers = y.toArray();
        assertFalse(hasNan(Arrays.copyOf(numbers, 39 * 4)));
        assertTrue(Arrays.stream(numbers, 39 * 4, 40 * 4).allMatch(Double::isNaN));
        double[] ones = new double[160];
        Arrays.fill(ones, 1);
        tape.backward(y, ones);
        assertFalse(hasNan(Arrays.copyOf(q.grad(), 39 * 4)));
    }

    private static boolean hasNan(double[] numbers) {
        return Arrays.stream(numbers).anyMatch(Double::isNaN);
    }
}
