package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One tensor used in several places, constants among the inputs, and gradients that add up over recordings. */
class OpAliasingTest {
    static final List<OpCases.Form> FORMS = OpCases.FORMS;
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    // ---- the same tensor twice and more ----

    record Graph(String name, int rows, int columns, BiFunction<Tape, Tensor, Tensor> build) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Graph> graphsThatUseTheirInputSeveralTimes() {
        int[] ids = {2, 0, 2, 1, 2};
        Sequences two = Sequences.ofLengths(2, 5);
        RotaryTable turns = new RotaryTable(4, 1e4, 9);
        return List.of(
                new Graph("matmul(x, x)", 9, 9, (tape, x) -> tape.matmul(x, x)),
                new Graph("linear(x, x)", 7, 4, (tape, x) -> tape.linear(x, x)),
                new Graph("attention(x, x, x)", 7, 6, (tape, x) -> tape.causalAttention(x, x, x, 2, two)),
                new Graph(
                        "attention(x, x, x) beyond a block",
                        40,
                        2,
                        (tape, x) -> tape.causalAttention(x, x, x, 1, Sequences.ofLengths(37, 3))),
                new Graph(
                        "attention(rotary(x), rotary(x), x)",
                        7,
                        8,
                        (tape, x) -> tape.causalAttention(
                                tape.rotary(x, 2, turns, 0, 1, 0, 1, 2, 3, 4),
                                tape.rotary(x, 2, turns, 0, 1, 0, 1, 2, 3, 4),
                                x,
                                2,
                                two)),
                new Graph("x·x + x", 3, 5, (tape, x) -> tape.add(tape.multiply(x, x), x)),
                new Graph(
                        "softmax(x)·gelu(x)·rmsNorm(x)",
                        3,
                        17,
                        (tape, x) ->
                                tape.multiply(tape.multiply(tape.softmax(x), tape.gelu(x)), tape.rmsNorm(x, 1e-5))),
                new Graph("b = x + x, b + b", 3, 5, (tape, x) -> {
                    Tensor b = tape.add(x, x);
                    return tape.add(b, b);
                }),
                new Graph("embedding of repeated ids", 4, 5, (tape, x) -> tape.embedding(x, ids)),
                new Graph(
                        "table at both ends",
                        4,
                        5,
                        (tape, x) -> tape.crossEntropy(
                                tape.linear(tape.geluTanh(tape.embedding(x, ids)), x), 0, 2, 1, 2, 3)));
    }

    @ParameterizedTest
    @MethodSource({
        "graphsThatUseTheirInputSeveralTimes",
        "dev.microgpt.autograd.op.ElementCases#graphs",
        "dev.microgpt.autograd.op.LossCases#graphs",
        "dev.microgpt.autograd.op.ShapeCases#graphs"
    })
    void everyUseAddsToTheGradient(Graph graph) {
        Parameter x = Sizes.of(graph.rows(), graph.columns(), 1).matrix("x");
        GradientCheck.smooth().check(graph.name(), tape -> graph.build().apply(tape, x), x);
    }

    @Test
    void gainAndBiasAndInputOfANormMayBeOneVector() {
        Parameter x = Sizes.of(1, 17, 1).normal("x", 17);
        GradientCheck.smooth().check("rmsNorm(x, x)", tape -> tape.rmsNorm(x, x, 1e-5), x);
        GradientCheck.smooth().check("layerNorm(x, x, x)", tape -> tape.layerNorm(x, x, x, 1e-5), x);
    }

    // ---- constants ----

    @ParameterizedTest
    @FieldSource("FORMS")
    void constantInEachPositionLeavesTheOtherGradientsAsTheyAre(OpCases.Form form) {
        for (int constant = 0; constant < form.at(9, 8, 7).inputs().size(); constant++) {
            OpCase full = form.at(9, 8, 7);
            List<double[]> expected = gradients(full, full.inputs());
            List<Tensor> some = new ArrayList<>(full.inputs());
            Parameter fixed = full.inputs().get(constant);
            some.set(constant, Tensor.constant(fixed.shape(), fixed.data()));
            List<double[]> found = gradients(full, some);
            for (int i = 0; i < some.size(); i++) {
                double[] right = i == constant ? new double[expected.get(i).length] : expected.get(i);
                assertArrayEquals(bits(right), bits(found.get(i)), form + ", constant " + constant + ", input " + i);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void resultOfConstantsKeepsNoGradient(OpCases.Form form) {
        OpCase made = form.at(3, 4, 5);
        List<Tensor> constants = made.inputs().stream()
                .map(input -> Tensor.constant(input.shape(), input.data()))
                .toList();
        assertFalse(Tape.training().apply(made.build().apply(constants)).hasGrad());
    }

    // ---- recordings ----

    /** A third of the sizes for each form; a nightly build tries all. */
    @ParameterizedTest
    @FieldSource("FORMS")
    void twoRecordingsGiveTwiceTheGradient(OpCases.Form form) {
        List<Sizes> all = Sizes.everyEdgeOnce(5);
        for (Sizes size : NIGHTLY ? all : Sizes.everyThird(all, FORMS.indexOf(form))) {
            OpCase made = form.at(size);
            List<double[]> once = gradients(made, made.inputs());
            backward(made, made.inputs(), Tape.training());
            for (int i = 0; i < once.size(); i++) {
                double[] twice = made.inputs().get(i).grad();
                for (int j = 0; j < twice.length; j++) {
                    double right = 2 * once.get(i)[j];
                    double largest =
                            Arrays.stream(once.get(i)).map(Math::abs).max().orElseThrow();
                    String where = made + ", input " + i + " at " + j + ": " + twice[j] + " for " + right;
                    assertTrue(Math.abs(twice[j] - right) <= 1e-14 * 2 * largest, where);
                }
            }
        }
    }

    /** The arrays of a tape are longer than a shape needs and hold what others left there. */
    @ParameterizedTest
    @FieldSource("FORMS")
    void resultsDoNotDependOnWhatTheBuffersHeldBefore(OpCases.Form form) {
        OpCase made = form.at(9, 8, 7);
        List<double[]> expected = gradients(made, made.inputs());
        made.inputs().forEach(Parameter::zeroGrad);
        Tape used = Tape.training();
        for (int i = 0; i < 30; i++) {
            Arrays.fill(used.buffer(1000), Double.NaN);
        }
        used.reset();
        List<Tensor> onTape =
                made.inputs().stream().map(input -> used.scale(input, 1.0)).toList();
        double[] clean = made.apply(Tape.inference()).toArray();
        assertArrayEquals(bits(clean), bits(backward(made, onTape, used)), form + ", output");
        for (int i = 0; i < expected.size(); i++) {
            double[] found = made.inputs().get(i).grad();
            assertArrayEquals(bits(expected.get(i)), bits(found), form + ", gradient of input " + i);
        }
    }

    /** Returns the gradients of one recording with these inputs; a constant's is that of its parameter: zero. */
    private static List<double[]> gradients(OpCase made, List<? extends Tensor> inputs) {
        made.inputs().forEach(Parameter::zeroGrad);
        backward(made, inputs, Tape.training());
        return made.inputs().stream().map(input -> input.grad().clone()).toList();
    }

    /** Runs backward from {@code dy = 1, −2, 3, …} and returns the output. */
    private static double[] backward(OpCase made, List<? extends Tensor> inputs, Tape tape) {
        Tensor y = tape.apply(made.build().apply(inputs));
        double[] output = y.toArray();
        if (y.hasGrad()) {
            double[] dy = IntStream.range(0, output.length)
                    .mapToDouble(i -> i % 2 == 0 ? i + 1 : -i - 1)
                    .toArray();
            tape.backward(y, dy);
        }
        return output;
    }

    private static long[] bits(double[] numbers) {
        return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}
