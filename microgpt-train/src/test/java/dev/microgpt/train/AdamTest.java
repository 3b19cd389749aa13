package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
    @ParameterizedTest
    @CsvSource({"0.85, 0.99, 1e-8", "0.9, 0.999, 1e-8", "0, 0, 1e-3", "0.5, 0.9, 1e-12"})
    void everyUpdateIsThePapersFormula(double beta1, double beta2, double eps) {
        Random random = new Random(1);
        Parameter a = parameter("a", random, 7);
        Parameter b = parameter("b", random, 5);
        double[] p = concat(a.data(), b.data());
        double[] m = new double[12];
        double[] v = new double[12];
        Adam adam = new Adam(List.of(a, b), beta1, beta2, eps);
        for (int t = 1; t <= 50; t++) {
            double rate = 0.01 / t;
            draw(a.grad(), random, t);
            draw(b.grad(), random, 1e-6);
            double[] g = concat(a.grad(), b.grad());
            adam.step(rate);
            for (int i = 0; i < 12; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double mHat = m[i] / (1 - StrictMath.pow(beta1, t));
                double vHat = v[i] / (1 - StrictMath.pow(beta2, t));
                p[i] -= rate * mHat / (StrictMath.sqrt(vHat) + eps);
            }
            assertArrayEquals(p, concat(a.data(), b.data()), 1e-15, "update " + t);
            assertEquals(t, adam.updates());
        }
        assertArrayEquals(Arrays.copyOf(m, 7), adam.firstMoments().get(0), 1e-15);
        assertArrayEquals(Arrays.copyOfRange(v, 7, 12), adam.secondMoments().get(1), 1e-15);
    }

    @Test
    void theFirstUpdateIsTheRateInTheDirectionOfTheGradientWhateverItsSize() {
        for (double gradient : new double[] {1e-3, -0.5, 7, -1e6}) {
            Parameter p = new Parameter("p", Shape.of(1), 2.0);
            p.grad()[0] = gradient;
            new Adam(List.of(p), 0.85, 0.99, 1e-300).step(0.01);
            assertEquals(2 - 0.01 * Math.signum(gradient), p.data()[0], 1e-15);
        }
    }

    @Test
    void epsStandsOutsideTheRoot() {
        Parameter p = new Parameter("p", Shape.of(1), 0.0);
        p.grad()[0] = 3;
        new Adam(List.of(p), 0.85, 0.99, 1).step(1);
        assertEquals(-3.0 / (3 + 1), p.data()[0], 1e-15);
    }

    @Test
    void atRateZeroNoBitOfAParameterChanges() {
        double[] numbers = {1.5, -2.25, 1e-300, -1e300, 0.0, Math.PI};
        Parameter p = new Parameter("p", Shape.of(6), numbers.clone());
        Adam adam = new Adam(List.of(p), 0.85, 0.99, 1e-8);
        for (int t = 0; t < 5; t++) {
            draw(p.grad(), new Random(t), 10);
            adam.step(0);
        }
        assertArrayEquals(numbers, p.data());
        assertEquals(5, adam.updates());
    }

    @Test
    void aParameterWhoseGradientWasAlwaysZeroKeepsItsBits() {
        double[] numbers = {1.5, -0.0, 0.0, 1e-320, -1e300};
        Parameter idle = new Parameter("idle", Shape.of(5), numbers.clone());
        Parameter busy = new Parameter("busy", Shape.of(1), 1.0);
        Adam adam = new Adam(List.of(busy, idle), 0.85, 0.99, 1e-8);
        for (int t = 0; t < 100; t++) {
            busy.grad()[0] = t;
            adam.step(0.01);
        }
        assertArrayEquals(numbers, idle.data());
    }

    @Test
    void gradientsAreLeftAlone() {
        Parameter p = new Parameter("p", Shape.of(2), 1.0, 2.0);
        p.grad()[0] = 3;
        new Adam(List.of(p), 0.85, 0.99, 1e-8).step(0.1);
        assertArrayEquals(new double[] {3, 0}, p.grad());
    }

    @Test
    void anOptimizerWithTheMomentsOfAnotherGoesOnLikeIt() {
        Parameter straight = new Parameter("p", Shape.of(3), 1.0, 2.0, 3.0);
        Adam first = new Adam(List.of(straight), 0.85, 0.99, 1e-8);
        Random random = new Random(3);
        for (int t = 0; t < 7; t++) {
            draw(straight.grad(), random, 1);
            first.step(0.01);
        }
        Parameter copy = new Parameter("p", Shape.of(3), straight.toArray());
        Adam second = new Adam(List.of(copy), 0.85, 0.99, 1e-8);
        System.arraycopy(first.firstMoments().get(0), 0, second.firstMoments().get(0), 0, 3);
        System.arraycopy(first.secondMoments().get(0), 0, second.secondMoments().get(0), 0, 3);
        second.resumeAt(7);
        for (int t = 0; t < 7; t++) {
            draw(straight.grad(), random, 1);
            System.arraycopy(straight.grad(), 0, copy.grad(), 0, 3);
            first.step(0.01);
            second.step(0.01);
        }
        assertArrayEquals(straight.data(), copy.data());
        assertEquals(14, second.updates());
    }

    @Test
    void aParameterThatIsGivenTwiceIsRefused() {
        Parameter p = new Parameter("layer0.attn_wq", Shape.of(1), 1.0);
        assertMessage(
                "adam: parameter \"layer0.attn_wq\" is given twice and would be updated twice",
                () -> new Adam(List.of(p, p), 0.85, 0.99, 1e-8));
    }

    @Test
    void noParameterAtAllIsRefused() {
        assertMessage(
                "adam: there are no parameters; at least one is needed", () -> new Adam(List.of(), 0.85, 0.99, 1e-8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1.0   | 0.99  | 1e-8     | beta1 is 1.0, but must be at least 0 and below 1
        -0.1  | 0.99  | 1e-8     | beta1 is -0.1, but must be at least 0 and below 1
        NaN   | 0.99  | 1e-8     | beta1 is NaN, but must be at least 0 and below 1
        0.85  | 1.0   | 1e-8     | beta2 is 1.0, but must be at least 0 and below 1
        0.85  | NaN   | 1e-8     | beta2 is NaN, but must be at least 0 and below 1
        0.85  | 0.99  | 0        | adam eps is 0.0, but must be positive and finite
        0.85  | 0.99  | NaN      | adam eps is NaN, but must be positive and finite
        0.85  | 0.99  | Infinity | adam eps is Infinity, but must be positive and finite
        """)
    void numbersOutOfRangeAreRefusedByName(double beta1, double beta2, double eps, String message) {
        Parameter p = new Parameter("p", Shape.of(1), 1.0);
        assertMessage(message, () -> new Adam(List.of(p), beta1, beta2, eps));
    }

    @Test
    void aNegativeNumberOfUpdatesIsRefused() {
        Adam adam = new Adam(List.of(new Parameter("p", Shape.of(1), 1.0)), 0.85, 0.99, 1e-8);
        assertMessage("adam: the number of updates is -1, but must be at least 0", () -> adam.resumeAt(-1));
    }

    private static Parameter parameter(String name, Random random, int size) {
        double[] data = new double[size];
        draw(data, random, 1);
        return new Parameter(name, Shape.of(size), data);
    }

    private static void draw(double[] numbers, Random random, double scale) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = scale * random.nextGaussian();
        }
    }

    private static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static void assertMessage(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}
