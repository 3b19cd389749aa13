package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientsTest {
    private static final int PIECE = Gradients.PIECE;

    /** Sizes around a piece, and enough numbers altogether to be shared among threads. */
    private static final int[] SIZES = {1, PIECE - 1, PIECE, PIECE + 1, 7, 39 * PIECE + 3, 2 * PIECE};

    @Test
    void theNormIsThatOfAllGradientsTogether() {
        Parameter a = new Parameter("a", Shape.of(2), 0.0, 0.0);
        Parameter b = new Parameter("b", Shape.of(1, 1), 0.0);
        a.grad()[0] = 2;
        a.grad()[1] = -3;
        b.grad()[0] = 6;
        assertEquals(7, new Gradients(List.of(a, b)).norm());
    }

    @Test
    void theBitsAreThoseOfFixedPiecesInOrderWhoeverComputesThem() {
        List<Parameter> parameters = parameters(1);
        double expected = 0;
        double plain = 0;
        for (Parameter parameter : parameters) {
            double[] g = parameter.grad();
            for (int from = 0; from < g.length; from += PIECE) {
                int length = Math.min(PIECE, g.length - from);
                expected += Kernels.active().dot(g, from, g, from, length);
            }
            for (double number : g) {
                plain += number * number;
            }
        }
        Gradients gradients = new Gradients(parameters);
        for (int again = 0; again < 20; again++) {
            assertEquals(Math.sqrt(expected), gradients.norm());
        }
        // a sum of n squares in any order is within n · 2⁻⁵³ of the sum, here 8e-11; these are within a quarter of it
        assertEquals(Math.sqrt(plain), gradients.norm(), 2e-11 * Math.sqrt(plain));
    }

    @Test
    void clippingShortensEveryGradientByTorchsFactor() {
        List<Parameter> parameters = parameters(2);
        List<double[]> before = new ArrayList<>();
        parameters.forEach(parameter -> before.add(parameter.grad().clone()));
        Gradients gradients = new Gradients(parameters);
        double norm = gradients.norm();
        assertTrue(gradients.clip(norm, 0.5));
        double factor = 0.5 / (norm + 1e-6);
        for (int i = 0; i < before.size(); i++) {
            double[] expected = before.get(i);
            for (int k = 0; k < expected.length; k++) {
                expected[k] *= factor;
            }
            assertArrayEquals(expected, parameters.get(i).grad(), "size " + expected.length);
        }
        assertEquals(0.5, gradients.norm(), 1e-6);
    }

    @Test
    void aNormJustAtTheLimitIsShortenedByTheEpsAlone() {
        Parameter p = parameter(3);
        Gradients gradients = new Gradients(List.of(p));
        assertTrue(gradients.clip(3, 3));
        assertEquals(3 * (3 / (3 + 1e-6)), p.grad()[0]);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 3.00001, 1e300})
    void nothingChangesBelowTheLimitOrWithoutOne(double maxNorm) {
        Parameter p = parameter(3);
        assertFalse(new Gradients(List.of(p)).clip(3, maxNorm));
        assertEquals(3, p.grad()[0]);
    }

    @Test
    void gradientsOfZeroStayZero() {
        Parameter p = parameter(0);
        Gradients gradients = new Gradients(List.of(p));
        assertFalse(gradients.clip(gradients.norm(), 1));
        assertEquals(0, p.grad()[0]);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e200})
    void aGradientThatIsNotFiniteOrHasNoSquareShowsInTheNormWhereverItIs(double number) {
        for (Parameter parameter : parameters(3)) {
            int last = parameter.shape().size() - 1;
            parameter.grad()[last] = number;
            assertFalse(Double.isFinite(new Gradients(List.of(parameter(1), parameter)).norm()), parameter.name());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aLimitOutOfRangeIsRefusedByName(double maxNorm) {
        Gradients gradients = new Gradients(List.of(parameter(1)));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> gradients.clip(1, maxNorm));
        assertEquals("gradient clipping norm is " + maxNorm + ", but must be finite and at least 0", e.getMessage());
    }

    private static Parameter parameter(double gradient) {
        Parameter parameter = new Parameter("p", Shape.of(1), 0.0);
        parameter.grad()[0] = gradient;
        return parameter;
    }

    private static List<Parameter> parameters(long seed) {
        Random random = new Random(seed);
        List<Parameter> parameters = new ArrayList<>();
        for (int size : SIZES) {
            Parameter parameter = new Parameter("of size " + size, Shape.of(size), new double[size]);
            for (int i = 0; i < size; i++) {
                parameter.grad()[i] = random.nextGaussian();
            }
            parameters.add(parameter);
        }
        return parameters;
    }
}
