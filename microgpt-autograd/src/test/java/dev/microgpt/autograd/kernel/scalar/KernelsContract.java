package dev.microgpt.autograd.kernel.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Kernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation of {@link Kernels} must do, bit for bit: a subclass names the implementation.
 *
 * <p>Arrays are wider and longer than the part that is worked on, and what lies around it must stay as it was.
 */
public abstract class KernelsContract {
    private static final int LONGEST = 70;
    private static final int MARGIN = 11;
    private static final int ROWS = 3;
    private static final double[] SPECIAL = {1.0, -0.0, 1e300, Double.POSITIVE_INFINITY, Double.NaN};

    private final Random random = new Random(1);

    protected abstract Kernels kernels();

    // ---- sums along a row ----

    @Test
    void sumHasEightLanes() {
        for (int n = 0; n <= LONGEST; n++) {
            for (int offset : new int[] {0, 1, 3, 8}) {
                double[] x = numbers();
                assertSame(NaiveKernels.sum(x, offset, n), kernels().sum(x, offset, n), "n = " + n);
            }
        }
    }

    @Test
    void dotHasEightLanes() {
        for (int n = 0; n <= LONGEST; n++) {
            for (int offset : new int[] {0, 1, 3, 8}) {
                double[] x = numbers();
                double[] y = numbers();
                double expected = NaiveKernels.dot(x, offset, y, MARGIN - offset, n);
                assertSame(expected, kernels().dot(x, offset, y, MARGIN - offset, n), "n = " + n);
                assertSame(NaiveKernels.dot(x, 2, x, 2, n), kernels().dot(x, 2, x, 2, n), "with itself, n = " + n);
            }
        }
    }

    @Test
    void sumsStartFromPlusZero() {
        double[] minusZeros = new double[LONGEST];
        Arrays.fill(minusZeros, -0.0);
        assertSame(0.0, kernels().sum(minusZeros, 0, 0), "the empty sum");
        assertSame(0.0, kernels().sum(minusZeros, 0, 1), "the sum of -0.0");
        assertSame(0.0, kernels().sum(minusZeros, 0, 9), "the sum of nine -0.0");
        assertSame(0.0, kernels().dot(minusZeros, 0, numbers(), 0, 0), "the empty product");
    }

    @Test
    void maximumIsThatOfEveryElement() {
        assertSame(Double.NEGATIVE_INFINITY, kernels().max(numbers(), 0, 0), "of nothing");
        for (int n = 1; n <= LONGEST; n++) {
            double[] x = numbers();
            x[3 + n] = Double.POSITIVE_INFINITY; // behind the row
            for (int at = 0; at < n; at++) {
                double[] y = x.clone();
                y[3 + at] = 1e9;
                assertSame(1e9, kernels().max(y, 3, n), "of " + n + ", at " + at);
                y[3 + at] = Double.NaN;
                assertSame(Double.NaN, kernels().max(y, 3, n), "of " + n + ", at " + at);
            }
        }
        for (int n = 2; n <= LONGEST; n++) {
            double[] zeros = new double[n];
            Arrays.fill(zeros, -0.0);
            assertSame(-0.0, kernels().max(zeros, 0, n), "of negative zeros, n = " + n);
            zeros[n / 2] = 0.0;
            assertSame(0.0, kernels().max(zeros, 0, n), "of zeros, n = " + n);
        }
    }

    // ---- rows ----

    @Test
    void axpyIsOneFmaAnElement() {
        double alpha = random.nextGaussian();
        forEveryRow("axpy", (x, y, n) -> {
            double[] expected = y.clone();
            for (int i = 0; i < n; i++) {
                expected[7 + i] = Math.fma(alpha, x[3 + i], expected[7 + i]);
            }
            kernels().axpy(alpha, x, 3, y, 7, n);
            return expected;
        });
    }

    @Test
    void scaleIsOneProductAnElement() {
        double alpha = random.nextGaussian();
        forEveryRow("scale", (x, y, n) -> {
            double[] expected = y.clone();
            for (int i = 0; i < n; i++) {
                expected[7 + i] = alpha * x[3 + i];
            }
            kernels().scale(alpha, x, 3, y, 7, n);
            return expected;
        });
    }

    @Test
    void scaleWorksInPlace() {
        for (int n = 0; n <= LONGEST; n++) {
            double[] x = numbers();
            double[] expected = x.clone();
            for (int i = 0; i < n; i++) {
                expected[5 + i] *= -1.7;
            }
            kernels().scale(-1.7, x, 5, x, 5, n);
            assertSame(expected, x, "n = " + n);
        }
    }

    @Test
    void softmaxIsTheExponentialTimesTheInverseOfTheSum() {
        forEveryRow("softmax", (x, y, n) -> {
            double[] expected = y.clone();
            if (n > 0) {
                NaiveKernels.softmax(kernels(), x, 3, expected, 7, n);
                kernels().softmax(x, 3, y, 7, n);
            }
            return expected;
        });
    }

    @Test
    void softmaxOfNanOrNothingButMinusInfinityIsNan() {
        for (int n = 1; n <= LONGEST; n++) {
            for (int at = 0; at < n; at++) {
                double[] x = numbers();
                x[at] = Double.NaN;
                assertAllNan(x, n);
            }
            double[] x = numbers();
            Arrays.fill(x, 0, n, Double.NEGATIVE_INFINITY);
            assertAllNan(x, n);
        }
    }

    private void assertAllNan(double[] x, int n) {
        double[] y = new double[n];
        kernels().softmax(x, 0, y, 0, n);
        for (double p : y) {
            assertEquals(Double.NaN, p);
        }
    }

    @Test
    void softmaxGradientIsThatOfEveryElement() {
        for (int n = 0; n <= LONGEST; n++) {
            double[] y = numbers();
            double[] dy = numbers();
            double[] dx = numbers();
            double dot = NaiveKernels.dot(dy, 5, y, 3, n);
            double[] added = dx.clone();
            double[] inPlace = dy.clone();
            for (int i = 0; i < n; i++) {
                double gradient = 0.3 * (y[3 + i] * (dy[5 + i] - dot));
                added[7 + i] += gradient;
                inPlace[5 + i] = gradient;
            }
            kernels().softmaxGradient(0.3, y, 3, dy, 5, dx, 7, n, true);
            assertSame(added, dx, "added, n = " + n);
            kernels().softmaxGradient(0.3, y, 3, dy, 5, dy, 5, n, false);
            assertSame(inPlace, dy, "in place, n = " + n);
        }
    }

    // ---- normalization ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void normIsThatOfEveryElement(boolean centered) {
        for (int n = 1; n <= LONGEST; n++) {
            for (double special : SPECIAL) {
                double[] x = rows(n, special);
                double[] gain = numbers();
                double[] bias = random.nextBoolean() ? numbers() : null;
                double[] y = rows(n, 1.0);
                double[] means = centered ? numbers() : null;
                double[] factors = numbers();
                double[][] expected = centered
                        ? new double[][] {y.clone(), factors.clone(), means.clone()}
                        : new double[][] {y.clone(), factors.clone()};
                for (int t = 0; t < ROWS; t++) {
                    NaiveKernels.norm(n, 1e-5, x, 3 + t * n, gain, bias, expected, 7 + t * n, 2 + t);
                }
                kernels().norm(ROWS, n, 1e-5, x, 3, gain, bias, y, 7, means, factors, 2);
                assertSame(expected[0], y, "n = " + n + " with " + special);
                assertSame(expected[1], factors, "factors, n = " + n + " with " + special);
                if (centered) {
                    assertSame(expected[2], means, "means, n = " + n + " with " + special);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void normGradientIsThatOfEveryElement(boolean centered) {
        for (int n = 1; n <= LONGEST; n++) {
            for (double special : SPECIAL) {
                double[] x = rows(n, 1.0);
                double[] dy = rows(n, special);
                double[] gain = numbers();
                double[] dx = rows(n, 1.0);
                double[] statistics = numbers();
                double[] expected = dx.clone();
                for (int t = 0; t < ROWS; t++) {
                    double mean = centered ? statistics[2 + t] : 0.0;
                    double factor = statistics[5 + t];
                    double[] z = new double[n];
                    double[] dz = new double[n];
                    for (int i = 0; i < n; i++) {
                        z[i] = (x[3 + t * n + i] - mean) * factor;
                        dz[i] = dy[5 + t * n + i] * gain[i];
                    }
                    double sum = NaiveKernels.sum(dz, 0, n) / n;
                    double dot = NaiveKernels.dot(dz, 0, z, 0, n) / n;
                    for (int i = 0; i < n; i++) {
                        int at = 7 + t * n + i;
                        expected[at] = centered
                                ? expected[at] + factor * ((dz[i] - sum) - z[i] * dot)
                                : Math.fma(-factor * dot, z[i], Math.fma(factor, dz[i], expected[at]));
                    }
                }
                double[] factors = Arrays.copyOfRange(statistics, 3, statistics.length);
                double[] means = centered ? statistics : null;
                kernels().normGradient(ROWS, n, x, 3, gain, means, factors, 2, dy, 5, dx, 7, new double[2 * n + 1], 1);
                assertSame(expected, dx, "n = " + n + " with " + special);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void normGainGradientIsOneChainOfFmaOverTheRows(boolean centered) {
        for (int n = 0; n <= LONGEST; n++) {
            for (double special : SPECIAL) {
                double[] x = rows(n + 2, 1.0);
                double[] dy = rows(n + 1, special);
                double[] means = centered ? numbers() : null;
                double[] factors = numbers();
                double[] dGain = numbers();
                double[] expected = dGain.clone();
                for (int t = 0; t < ROWS; t++) {
                    for (int i = 0; i < n; i++) {
                        double z = (x[3 + t * (n + 2) + i] - (centered ? means[t] : 0.0)) * factors[t];
                        expected[7 + i] = Math.fma(dy[5 + t * (n + 1) + i], z, expected[7 + i]);
                    }
                }
                kernels().normGainGradient(ROWS, n, x, 3, n + 2, means, factors, dy, 5, n + 1, dGain, 7);
                assertSame(expected, dGain, "n = " + n + " with " + special);
            }
        }
    }

    /** Returns rows with room around them, and one element, anywhere, that is special. */
    private double[] rows(int n, double special) {
        double[] x = new double[ROWS * n + 2 * MARGIN];
        Arrays.setAll(x, i -> random.nextGaussian() * Math.pow(2, random.nextInt(9) - 4));
        x[random.nextInt(x.length)] = special;
        return x;
    }

    // ---- optimizers ----

    @Test
    void adamRoundsEachOperationByItself() {
        for (int update = 1; update < 2000; update = 1 + 3 * update / 2) {
            double correction1 = 1 - Math.pow(0.85, update);
            double correction2 = 1 - Math.pow(0.99, update);
            for (int n = 0; n <= LONGEST; n++) {
                double[][] found = {numbers(), gradients(), gradients(), squares()};
                double[][] expected = {found[0].clone(), found[1], found[2].clone(), found[3].clone()};
                for (int i = 3; i < 3 + n; i++) {
                    NaiveKernels.adam(expected, i, 0.85, 0.99, 1e-2, correction1, correction2, 1e-8);
                }
                boolean finite = adam(found, 3, 3 + n, correction1, correction2);
                for (int array = 0; array < 4; array++) {
                    assertSame(expected[array], found[array], "array " + array + ", update " + update + " of " + n);
                }
                assertTrue(!finite || areFinite(found, 3, 3 + n), "an update of " + n + " that is not finite");
            }
        }
    }

    private boolean adam(double[][] pgmv, int from, int to, double correction1, double correction2) {
        double[] p = pgmv[0];
        double[] m = pgmv[2];
        double[] v = pgmv[3];
        return kernels().adam(p, pgmv[1], m, v, from, to, 0.85, 0.99, 1e-2, correction1, correction2, 1e-8);
    }

    private static boolean areFinite(double[][] pgmv, int from, int to) {
        for (int array : new int[] {0, 2, 3}) {
            for (int i = from; i < to; i++) {
                if (!Double.isFinite(pgmv[array][i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What it says of usual numbers, and of one that is none, wherever it stands. */
    @Test
    void adamSaysWhetherAllIsFinite() {
        for (int n = 1; n <= LONGEST; n++) {
            double[][] usual = {numbers(), numbers(), numbers(), numbers()};
            Arrays.setAll(usual[3], i -> Math.abs(usual[3][i]));
            assertTrue(adam(usual, 3, 3 + n, 0.15, 0.01), "of " + n);
            for (int array = 0; array < 4; array++) {
                for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                    double[][] spoilt = {numbers(), numbers(), numbers(), usual[3].clone()};
                    spoilt[array][3 + random.nextInt(n)] = wrong;
                    assertFalse(adam(spoilt, 3, 3 + n, 0.15, 0.01), wrong + " in array " + array + " of " + n);
                }
            }
        }
    }

    /** The theorem of Markstein: a quotient by a known divisor is rounded as a division is. */
    @Test
    void adamDividesByItsCorrections() {
        for (int update = 1; update < 5000; update = 1 + 3 * update / 2) {
            for (double beta : new double[] {0.85, 0.9, 0.95, 0.99, 0.999}) {
                double c = 1 - Math.pow(beta, update);
                for (int i = 0; i < 1000; i++) {
                    double x = Math.scalb(random.nextGaussian(), random.nextInt(1780) - 890);
                    assertSame(x / c, NaiveKernels.quotient(x, c), x + " / " + c);
                    assertSame(x / c, ScalarAdam.quotient(x, c, 1 / c), x + " / " + c);
                }
            }
        }
    }

    /** Gradients of any size, with zeros, subnormals and what is no number among them in every second array. */
    private double[] gradients() {
        double[] x = numbers();
        if (random.nextBoolean()) {
            return x;
        }
        double[] special = {
            0.0,
            -0.0,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            0x1p-1000,
            -0x1p-970,
            0x1p-500,
            1e150,
            -1e300,
            Double.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        for (int i = random.nextInt(20); i < x.length; i += 1 + random.nextInt(20)) {
            x[i] = special[random.nextInt(special.length)];
        }
        return x;
    }

    private double[] squares() {
        double[] x = gradients();
        Arrays.setAll(x, i -> x[i] * x[i]);
        return x;
    }

    // ---- functions of each element ----

    /** A value must not depend on where in an array it stands: vectors and their tails take the same steps. */
    @Test
    void functionsGiveEachElementWhatItGetsAlone() {
        forEveryRow(
                "exp",
                (x, y, n) -> elementwise(x, y, n, (a, i, b, j, c) -> kernels().exp(a, i, 0.3, b, j, c)));
        forEveryRow(
                "log",
                (x, y, n) -> elementwise(x, y, n, (a, i, b, j, c) -> kernels().log(a, i, b, j, c)));
        forEveryRow(
                "tanh",
                (x, y, n) -> elementwise(x, y, n, (a, i, b, j, c) -> kernels().tanh(a, i, b, j, c)));
        forEveryRow(
                "erf",
                (x, y, n) -> elementwise(x, y, n, (a, i, b, j, c) -> kernels().erf(a, i, b, j, c)));
        forEveryRow(
                "sigmoid",
                (x, y, n) -> elementwise(x, y, n, (a, i, b, j, c) -> kernels().sigmoid(a, i, b, j, c)));
    }

    @Test
    void exponentialsNextToExtremeOnesStayWhatTheyAre() {
        double[] extremes = {
            708.5,
            709.9,
            1e300,
            Double.POSITIVE_INFINITY,
            -708.5,
            -740,
            -745.2,
            -800,
            Double.NEGATIVE_INFINITY,
            Double.NaN
        };
        forEveryExtreme("exp", extremes, (a, i, b, j, n) -> kernels().exp(a, i, 0.3, b, j, n));
        forEveryExtreme("sigmoid", extremes, (a, i, b, j, n) -> kernels().sigmoid(a, i, b, j, n));
    }

    @Test
    void tangentsNextToExtremeOnesStayWhatTheyAre() {
        double[] extremes = {0.0, -0.0, 1e-300, -1e-300, 19.9, 20.1, -20.1, 1e300, Double.NEGATIVE_INFINITY, Double.NaN
        };
        forEveryExtreme("tanh", extremes, (a, i, b, j, n) -> kernels().tanh(a, i, b, j, n));
        forEveryExtreme("sigmoid", extremes, (a, i, b, j, n) -> kernels().sigmoid(a, i, b, j, n));
    }

    @Test
    void errorFunctionsNextToExtremeOnesStayWhatTheyAre() {
        double[] extremes = {
            0.0, -0.0, 1.375, Math.nextUp(1.375), -1.375, 5.93, 6.0, -6.5, 1e300, Double.NEGATIVE_INFINITY, Double.NaN
        };
        forEveryExtreme("erf", extremes, (a, i, b, j, n) -> kernels().erf(a, i, b, j, n));
    }

    /** One extreme argument must change neither its neighbours nor itself, wherever in a vector it stands. */
    private void forEveryExtreme(String what, double[] extremes, Elementwise function) {
        for (double extreme : extremes) {
            for (int at = 0; at < LONGEST; at++) {
                double[] x = numbers();
                double[] y = numbers();
                x[3 + at] = extreme;
                double[] expected = elementwise(x, y, LONGEST, function);
                assertSame(expected, y, what + " with " + extreme + " at " + at);
            }
        }
    }

    @Test
    void dropoutDropsTheElementsWhoseNumbersAreBelowTheLimit() {
        CounterRandom stream = new CounterRandom(random.nextLong());
        for (double rate : new double[] {0.0, 0.1, 0.75}) {
            long first = random.nextLong();
            long limit = (long) (rate * 0x1p53);
            for (boolean accumulate : new boolean[] {false, true}) {
                forEveryRow("dropout of " + rate + (accumulate ? ", added" : ""), (x, y, n) -> {
                    double[] expected = y.clone();
                    for (int i = 0; i < n; i++) {
                        double factor = stream.uniform(first + i) < rate ? 0.0 : 1.25;
                        expected[7 + i] = (accumulate ? y[7 + i] : -0.0) + factor * x[3 + i];
                    }
                    kernels().dropout(stream.key(), first, limit, 1.25, x, 3, y, 7, n, accumulate);
                    return expected;
                });
            }
        }
    }

    @Test
    void dropoutWorksInPlace() {
        double[] x = numbers();
        double[] expected = x.clone();
        kernels().dropout(5, 9, 1L << 52, 2.0, x, 3, expected, 3, LONGEST, false);
        kernels().dropout(5, 9, 1L << 52, 2.0, x, 3, x, 3, LONGEST, false);
        assertSame(expected, x, "in place");
    }

    @Test
    void logWorksInPlace() {
        double[] x = numbers();
        double[] expected = x.clone();
        kernels().log(x, 3, expected, 3, LONGEST);
        kernels().log(x, 3, x, 3, LONGEST);
        assertSame(expected, x, "in place");
    }

    private interface Elementwise {
        void apply(double[] x, int xOffset, double[] y, int yOffset, int n);
    }

    private static double[] elementwise(double[] x, double[] y, int n, Elementwise function) {
        double[] expected = y.clone();
        for (int i = 0; i < n; i++) {
            function.apply(x, 3 + i, expected, 7 + i, 1);
        }
        function.apply(x, 3, y, 7, n);
        return expected;
    }

    private interface RowKernel {
        /** Runs the kernel from {@code x[3…]} to {@code y[7…]} and returns what all of {@code y} should be. */
        double[] run(double[] x, double[] y, int n);
    }

    private void forEveryRow(String what, RowKernel kernel) {
        for (int n = 0; n <= LONGEST; n++) {
            double[] x = numbers();
            double[] y = numbers();
            double[] before = x.clone();
            assertSame(kernel.run(x, y, n), y, what + " of " + n);
            assertSame(before, x, what + " changed its input, n = " + n);
        }
    }

    /** Returns numbers of very different sizes, so that another order of a sum shows. */
    private double[] numbers() {
        double[] x = new double[LONGEST + 2 * MARGIN];
        Arrays.setAll(x, i -> random.nextGaussian() * Math.pow(2, random.nextInt(9) - 4));
        return x;
    }

    static void assertSame(double expected, double found, String what) {
        assertSame(new double[] {expected}, new double[] {found}, what);
    }

    static void assertSame(double[] expected, double[] found, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(found[i])) {
                assertEquals(expected[i], found[i], what + ", at " + i);
            }
        }
        assertEquals(expected.length, found.length);
    }
}
