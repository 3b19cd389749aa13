package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AdamW: decay of weights that is no part of the gradient, for some parameters and not for others. */
class WeightDecayTest {
    private static final AdamConfig DECAYING = new AdamConfig(0.9, 0.95, 1e-8, 0.1);

    @Test
    void matricesAndTablesDecayAndOneDimensionDoesNot() {
        Parameter scalar = new Parameter("temperature", Shape.scalar(), 1.0);
        Parameter gain = new Parameter("gain", Shape.of(2), 1.0, 1.0);
        Parameter table = new Parameter("wte", Shape.of(2, 1), 1.0, 1.0);
        Parameter cube = new Parameter("cube", Shape.of(1, 1, 1), 1.0);
        List<ParameterGroup> groups = ParameterGroup.byRank(List.of(gain, table, scalar, cube), 0.1);
        assertEquals(
                List.of(new ParameterGroup(List.of(table, cube), 0.1), new ParameterGroup(List.of(gain, scalar), 0)),
                groups);
    }

    @Test
    void theDecayComesFirstAndIsNoPartOfTheGradient() {
        Random random = new Random(7);
        Parameter decaying = parameter("w", random, Shape.of(5, 30));
        Parameter plain = new Parameter("w", Shape.of(5, 30), decaying.toArray());
        Adam adamW = new Adam(List.of(decaying), DECAYING);
        Adam adam = new Adam(List.of(plain), 0.9, 0.95, 1e-8);
        for (int t = 1; t <= 20; t++) {
            double rate = 0.3 / t;
            for (int i = 0; i < 150; i++) {
                decaying.grad()[i] = plain.grad()[i] = random.nextGaussian();
                plain.data()[i] *= 1 - rate * 0.1;
            }
            adamW.step(rate);
            adam.step(rate);
            assertArrayEquals(plain.data(), decaying.data(), "update " + t);
        }
        assertArrayEquals(adam.firstMoments().get(0), adamW.firstMoments().get(0));
        assertArrayEquals(adam.secondMoments().get(0), adamW.secondMoments().get(0));
    }

    @Test
    void aWeightWithoutGradientShrinksByRateTimesDecay() {
        Parameter w = new Parameter("w", Shape.of(1, 3), 2.0, -4.0, 0.0);
        Adam adam = new Adam(List.of(w), new AdamConfig(0.9, 0.95, 1e-8, 0.5));
        adam.step(0.25);
        assertArrayEquals(new double[] {2 * 0.875, -4 * 0.875, 0}, w.data());
        adam.step(0);
        assertArrayEquals(new double[] {2 * 0.875, -4 * 0.875, 0}, w.data(), "at rate 0 nothing decays");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void whatDoesNotDecayTakesTheBitsOfAdam(double decay) {
        Random random = new Random(3);
        Parameter w = parameter("w", random, Shape.of(4, 40));
        Parameter b = parameter("b", random, Shape.of(300));
        Parameter alone = new Parameter("b", Shape.of(300), b.toArray());
        Adam both = new Adam(List.of(w, b), new AdamConfig(0.85, 0.99, 1e-8, decay));
        Adam one = new Adam(List.of(alone), 0.85, 0.99, 1e-8);
        for (int t = 0; t < 10; t++) {
            for (int i = 0; i < 300; i++) {
                b.grad()[i] = alone.grad()[i] = random.nextGaussian();
            }
            both.step(0.01);
            one.step(0.01);
        }
        assertArrayEquals(alone.data(), b.data());
    }

    @Test
    void momentsKeepTheOrderOfTheParametersWhateverThatOfTheGroups() {
        Parameter bias = new Parameter("bias", Shape.of(1), 1.0);
        Parameter matrix = new Parameter("matrix", Shape.of(1, 2), 1.0, 1.0);
        Parameter gain = new Parameter("gain", Shape.of(3), 1.0, 1.0, 1.0);
        List<Parameter> order = List.of(bias, matrix, gain);
        List<ParameterGroup> groups =
                List.of(new ParameterGroup(List.of(gain, matrix), 0.5), new ParameterGroup(List.of(bias), 0.25));
        Adam adam = new Adam(order, groups, 0.9, 0.95, 1e-8);
        adam.step(1);
        for (int i = 0; i < 3; i++) {
            assertEquals(i + 1, adam.firstMoments().get(i).length);
            assertEquals(i + 1, adam.secondMoments().get(i).length);
            assertEquals(i == 0 ? 0.75 : 0.5, order.get(i).data()[0], "each its own decay");
        }
    }

    @Test
    void groupsThatAreNotTheParametersAreRefused() {
        Parameter a = new Parameter("a", Shape.of(1), 1.0);
        Parameter b = new Parameter("b", Shape.of(1), 1.0);
        ParameterGroup ofA = new ParameterGroup(List.of(a), 0.1);
        ParameterGroup ofB = new ParameterGroup(List.of(b), 0);
        assertMessage(
                "adam: parameter \"b\" is in no group; each must be in one group and in no other",
                () -> adam(List.of(a, b), ofA));
        assertMessage(
                "adam: parameter \"a\" is twice in the groups; each must be in one group and in no other",
                () -> adam(List.of(a, b), ofA, ofB, new ParameterGroup(List.of(a), 0.1)));
        assertMessage(
                "adam: parameter \"b\" is in a group, but not among the parameters; each must be in one group and in no"
                        + " other",
                () -> adam(List.of(a), ofA, ofB));
    }

    private static Adam adam(List<Parameter> parameters, ParameterGroup... groups) {
        return new Adam(parameters, List.of(groups), 0.9, 0.95, 1e-8);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aDecayOutOfRangeIsRefusedByName(double decay) {
        String message = "weight decay is " + decay + ", but must be finite and at least 0";
        assertMessage(message, () -> new AdamConfig(0.9, 0.95, 1e-8, decay));
        assertMessage(message, () -> new ParameterGroup(List.of(), decay));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1.0  | 0.99 | 1e-8 | beta1 is 1.0, but must be at least 0 and below 1
        0.85 | NaN  | 1e-8 | beta2 is NaN, but must be at least 0 and below 1
        0.85 | 0.99 | -1   | adam eps is -1.0, but must be positive and finite
        """)
    void theOtherNumbersAreCheckedWithAndWithoutAConfiguration(double beta1, double beta2, double eps, String message) {
        Parameter p = new Parameter("p", Shape.of(1), 1.0);
        ParameterGroup group = new ParameterGroup(List.of(p), 0);
        assertMessage(message, () -> new AdamConfig(beta1, beta2, eps, 0));
        assertMessage(message, () -> new Adam(List.of(p), List.of(group), beta1, beta2, eps));
    }

    private static Parameter parameter(String name, Random random, Shape shape) {
        return new Parameter(name, shape, random.doubles(shape.size(), -1, 1).toArray());
    }

    private static void assertMessage(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}
