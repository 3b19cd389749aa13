package dev.microgpt.autograd.kernel.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Accuracy against decimal arithmetic of 60 digits, special values, and the same bits everywhere. */
class TranscendentalsTest {
    private static final long SEED = 20_240_607;
    private static final int INPUTS_PER_RANGE = 1_000;

    /** The exact values, of many digits, take the time: a nightly build compares all, others every fifth. */
    private static final int STEP = Boolean.getBoolean("microgpt.test.nightly") ? 1 : 5;

    /** A function under test, its exact value, its documented bound in ulp, and the inputs that strain it most. */
    enum Function {
        EXP(
                Transcendentals::exp,
                (x, xOffset, y, yOffset, n) -> Transcendentals.exp(x, xOffset, 0.0, y, yOffset, n),
                Exact::exp,
                EXP_BOUND) {
            @Override
            double input(int range, Random random) {
                return switch (range) {
                    case 0 -> uniform(random, -745.2, 709.79);
                    case 1 -> uniform(random, -1.0, 1.0);
                    case 2 -> uniform(random, -745.2, -707.0); // subnormal results
                    case 3 -> (random.nextInt(2000) - 1000 + 0.5) * 0.6931471805599453 + uniform(random, -1e-3, 1e-3);
                    default -> anyMagnitude(random, -60, 9);
                };
            }
        },
        LOG(Transcendentals::log, Transcendentals::log, Exact::log, LOG_BOUND) {
            @Override
            double input(int range, Random random) {
                return switch (range) {
                    case 0 -> Double.longBitsToDouble(random.nextLong(Double.doubleToLongBits(Double.MAX_VALUE)) + 1);
                    case 1 -> uniform(random, 0.5, 2.0);
                    case 2 -> 1.0 + anyMagnitude(random, -52, -1);
                    case 3 -> uniform(random, 0.7, 0.71); // where the exponent changes, at the root of 1/2
                    default -> Double.MIN_VALUE * (1 + random.nextInt(Integer.MAX_VALUE));
                };
            }
        },
        TANH(Transcendentals::tanh, Transcendentals::tanh, Exact::tanh, TANH_BOUND) {
            @Override
            double input(int range, Random random) {
                return switch (range) {
                    case 0 -> uniform(random, -20.0, 20.0);
                    case 1 -> uniform(random, -1.0, 1.0);
                    case 2 -> uniform(random, -4.0, 4.0);
                    case 3 -> uniform(random, 0.17, 0.18); // where 2x needs its first ln 2
                    default -> anyMagnitude(random, -1070, 5);
                };
            }
        },
        ERF(Transcendentals::erf, Transcendentals::erf, Exact::erf, ERF_BOUND) {
            @Override
            double input(int range, Random random) {
                return switch (range) {
                    case 0 -> uniform(random, -6.0, 6.0);
                    case 1 -> uniform(random, -1.5, 1.5);
                    case 2 -> uniform(random, 1.3, 1.45); // where the two parts meet
                    case 3 -> uniform(random, 5.8, 6.1); // where it becomes 1
                    default -> anyMagnitude(random, -1060, 2);
                };
            }
        },
        SIGMOID(Transcendentals::sigmoid, Transcendentals::sigmoid, Exact::sigmoid, SIGMOID_BOUND) {
            @Override
            double input(int range, Random random) {
                return switch (range) {
                    case 0 -> uniform(random, -745.0, 40.0);
                    case 1 -> uniform(random, -1.0, 1.0);
                    case 2 -> uniform(random, -10.0, 10.0);
                    case 3 -> uniform(random, -40.0, 40.0);
                    default -> anyMagnitude(random, -60, 9);
                };
            }
        };

        private static final int RANGES = 5;

        final DoubleUnaryOperator scalar;
        final ArrayForm array;
        final UnaryOperator<BigDecimal> exact;
        final double bound;

        Function(DoubleUnaryOperator scalar, ArrayForm array, UnaryOperator<BigDecimal> exact, double bound) {
            this.scalar = scalar;
            this.array = array;
            this.exact = exact;
            this.bound = bound;
        }

        abstract double input(int range, Random random);

        double[] inputs() {
            Random random = new Random(SEED);
            double[] x = new double[RANGES * INPUTS_PER_RANGE];
            for (int i = 0; i < x.length; i++) {
                x[i] = input(i / INPUTS_PER_RANGE, random);
            }
            return x;
        }
    }

    private static final double EXP_BOUND = 0.92;
    private static final double LOG_BOUND = 0.89;
    private static final double TANH_BOUND = 1.69;
    private static final double ERF_BOUND = 1.25;
    private static final double SIGMOID_BOUND = 1.47;

    @FunctionalInterface
    interface ArrayForm {
        void apply(double[] x, int xOffset, double[] y, int yOffset, int n);
    }

    private static double uniform(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Either sign, and an exponent between the two. */
    private static double anyMagnitude(Random random, int lowest, int highest) {
        double significand = 1.0 + random.nextDouble();
        double value = Math.scalb(significand, lowest + random.nextInt(highest - lowest));
        return random.nextBoolean() ? value : -value;
    }

    // ---- accuracy ----

    @ParameterizedTest
    @EnumSource(Function.class)
    void errorStaysWithinTheDocumentedBound(Function function) {
        double[] x = function.inputs();
        double[] y = new double[x.length];
        function.array.apply(x, 0, y, 0, x.length);
        double worst = 0.0;
        double worstAt = 0.0;
        for (int i = 0; i < x.length; i += STEP) {
            double error = errorInUlp(y[i], function.exact.apply(new BigDecimal(x[i])));
            if (!(error <= worst)) {
                worst = error;
                worstAt = x[i];
            }
        }
        assertTrue(
                worst <= function.bound,
                function + ": " + worst + " ulp at " + Double.toHexString(worstAt) + ", bound " + function.bound);
    }

    /** Returns {@code |actual − exact|} in units in the last place of the double just below the exact value. */
    private static double errorInUlp(double actual, BigDecimal exact) {
        double nearest = Math.abs(exact.doubleValue());
        if (actual == exact.doubleValue() && (nearest == 0.0 || Double.isInfinite(nearest))) {
            return 0.0;
        }
        if (!Double.isFinite(actual) || Double.isInfinite(nearest)) {
            return Double.POSITIVE_INFINITY;
        }
        double below = new BigDecimal(nearest).compareTo(exact.abs()) > 0 ? Math.nextDown(nearest) : nearest;
        return new BigDecimal(actual)
                .subtract(exact)
                .abs()
                .divide(new BigDecimal(Math.ulp(below)), MathContext.DECIMAL64)
                .doubleValue();
    }

    @Test
    void errorIsMeasuredInUnitsOfTheExactValue() {
        assertEquals(0.0, errorInUlp(1.0, BigDecimal.ONE));
        assertEquals(1.0, errorInUlp(Math.nextUp(1.0), BigDecimal.ONE));
        assertEquals(0.25, errorInUlp(1.0, new BigDecimal(1.0 + 0x1p-52).subtract(new BigDecimal(0x1.8p-53))));
        assertEquals(0.25, errorInUlp(-1.0, new BigDecimal(0x1p-55).subtract(BigDecimal.ONE)), 1e-15);
        assertEquals(3.0, errorInUlp(Double.MIN_VALUE * 4.0, new BigDecimal(Double.MIN_VALUE)));
        assertEquals(Double.POSITIVE_INFINITY, errorInUlp(Double.NaN, BigDecimal.ONE));
    }

    /** The literals are mpmath's, with {@code mp.dps = 60}. */
    @ParameterizedTest
    @CsvSource({
        "EXP,     1,       2.71828182845904523536028747135266249775724709369995957496697",
        "EXP,     -700.25, 7.67872381311087221164988744437894445969253446360107274025115e-305",
        "LOG,     2,       0.69314718055994530941723212145817656807550013436025525412068",
        "LOG,     10,      2.30258509299404568401799145468436420760110148862877297603333",
        "TANH,    1,       0.761594155955764888119458282604793590412768597257936551596811",
        "TANH,    1e-9,    0.000000000999999999999999999666666666666666666799999999999999999946032",
        "ERF,     1,       0.842700792949714869341220635082609259296066997966302908459938",
        "ERF,     2.5,     0.999593047982555041060435784260025087279651322596286579860879",
        "SIGMOID, 0,       0.5",
        "SIGMOID, -40,     0.00000000000000000424835425529158897728072090440450637143476271788616807493302",
    })
    void referenceItselfIsExactToFiftyDigits(Function function, String x, String expected) {
        BigDecimal exact = new BigDecimal(expected);
        BigDecimal error =
                function.exact.apply(new BigDecimal(x)).subtract(exact).abs();
        assertTrue(error.compareTo(exact.abs().movePointLeft(50)) < 0, function + "(" + x + ") is off by " + error);
    }

    // ---- special values ----

    @ParameterizedTest
    @CsvSource({
        "EXP,     0.0,                    1.0",
        "EXP,     -0.0,                   1.0",
        "EXP,     NaN,                    NaN",
        "EXP,     Infinity,               Infinity",
        "EXP,     -Infinity,              0.0",
        "EXP,     1e300,                  Infinity",
        "EXP,     -1e300,                 0.0",
        "EXP,     709.7827128933841,      Infinity", // the first above log(Double.MAX_VALUE)
        "EXP,     -745.1332191019411,     4.9e-324", // the last that is not nearer to 0
        "EXP,     -745.1332191019412,     0.0",
        "LOG,     1.0,                    0.0",
        "LOG,     0.0,                    -Infinity",
        "LOG,     -0.0,                   -Infinity",
        "LOG,     -1.0,                   NaN",
        "LOG,     -4.9e-324,              NaN",
        "LOG,     -Infinity,              NaN",
        "LOG,     Infinity,               Infinity",
        "LOG,     NaN,                    NaN",
        "TANH,    0.0,                    0.0",
        "TANH,    -0.0,                   -0.0",
        "TANH,    4.9e-324,               4.9e-324",
        "TANH,    19.1,                   1.0",
        "TANH,    1e300,                  1.0",
        "TANH,    Infinity,               1.0",
        "TANH,    -Infinity,              -1.0",
        "TANH,    NaN,                    NaN",
        "ERF,     0.0,                    0.0",
        "ERF,     -0.0,                   -0.0",
        "ERF,     4.9e-324,               4.9e-324",
        "ERF,     6.0,                    1.0",
        "ERF,     1e300,                  1.0",
        "ERF,     Infinity,               1.0",
        "ERF,     -Infinity,              -1.0",
        "ERF,     NaN,                    NaN",
        "SIGMOID, 0.0,                    0.5",
        "SIGMOID, -0.0,                   0.5",
        "SIGMOID, 1e300,                  1.0",
        "SIGMOID, -1e300,                 0.0",
        "SIGMOID, Infinity,               1.0",
        "SIGMOID, -Infinity,              0.0",
        "SIGMOID, NaN,                    NaN",
    })
    void specialValuesAreExact(Function function, double x, double expected) {
        assertEquals(expected, function.scalar.applyAsDouble(x));
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"TANH", "ERF"})
    void oddFunctionsAreOddToTheBit(Function function) {
        for (double x : function.inputs()) {
            assertEquals(-function.scalar.applyAsDouble(x), function.scalar.applyAsDouble(-x));
        }
    }

    // ---- one set of bits ----

    /** Numbers of every size, the special ones among them. */
    private static double[] everyKindOfInput(Function function, int size) {
        double[] x = Arrays.copyOf(function.inputs(), size);
        double[] special = {
            0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e300, -1e300
        };
        for (int i = 0; i < special.length; i++) {
            x[i * 7 + 3] = special[i];
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void arrayFormGivesTheBitsOfTheScalarFormAtEveryLengthAndOffset(Function function) {
        double[] x = everyKindOfInput(function, 80);
        for (int n = 0; n <= 70; n++) {
            for (int xOffset = 0; xOffset < 9; xOffset++) {
                int yOffset = (xOffset * 5 + n) % 9;
                double[] y = new double[80];
                Arrays.fill(y, -7.0);
                function.array.apply(x, xOffset, y, yOffset, n);
                double[] expected = new double[80];
                Arrays.fill(expected, -7.0);
                for (int i = 0; i < n; i++) {
                    expected[yOffset + i] = function.scalar.applyAsDouble(x[xOffset + i]);
                }
                String where = function + " n=" + n + " xOffset=" + xOffset + " yOffset=" + yOffset;
                assertTrue(Arrays.equals(expected, y), () -> where + ": " + Arrays.toString(y));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"LOG", "ERF"})
    void inPlaceGivesTheSameBits(Function function) {
        double[] x = everyKindOfInput(function, 100);
        double[] y = new double[100];
        function.array.apply(x, 0, y, 0, 100);
        function.array.apply(x, 0, x, 0, 100);
        assertTrue(Arrays.equals(y, x));
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void argumentsAreNotChanged(Function function) {
        double[] x = everyKindOfInput(function, 100);
        double[] before = x.clone();
        function.array.apply(x, 0, new double[100], 0, 100);
        assertTrue(Arrays.equals(before, x));
    }

    @Test
    void shiftIsSubtractedFirst() {
        double[] x = everyKindOfInput(Function.EXP, 100);
        for (double shift : new double[] {0.3, -3.7, 700.0, 1e17}) {
            for (int n : new int[] {5, 100}) {
                double[] y = new double[n];
                Transcendentals.exp(x, 0, shift, y, 0, n);
                for (int i = 0; i < n; i++) {
                    assertEquals(Transcendentals.exp(x[i] - shift), y[i]);
                }
            }
        }
    }

    /**
     * A change of any bit on any virtual machine or processor changes a hash. They were recorded from this test itself
     * (its message names the new one), once the accuracy above had been established.
     */
    @ParameterizedTest
    @CsvSource({
        "EXP,     adaf1892695ec70c",
        "LOG,     c271e2d976db9085",
        "TANH,    b47369620982beb1",
        "ERF,     f280c045e9c522a9",
        "SIGMOID, fb8dfcc3a1eb54fb",
    })
    void bitsAreTheRecordedOnesInterpretedAndCompiled(Function function, String recorded) {
        double[] x = hashedInputs();
        double[] y = new double[x.length];
        // often enough that the last rounds run what C2 has made
        for (int round = 0; round < 60; round++) {
            function.array.apply(x, 0, y, 0, x.length);
            assertEquals(recorded, hash(y), function + " in round " + round);
        }
    }

    /** Integer arithmetic and exact operations alone, so that the inputs are the same everywhere. */
    private static double[] hashedInputs() {
        double[] x = new double[12_288];
        for (int i = 0; i < 4096; i++) {
            x[i] = (i - 2048) * 0x1.0p-8 + i * 0x1.0p-40;
            x[4096 + i] = (i - 2048) * 0.375 + i * 0x1.0p-30;
            x[8192 + i] = Double.longBitsToDouble(i * 0x9E3779B97F4A7C15L);
        }
        return x;
    }

    private static String hash(double[] y) {
        long hash = 1;
        for (double value : y) {
            hash = (hash ^ Double.doubleToLongBits(value)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return String.format("%016x", hash);
    }

    /** The functions by series in decimal arithmetic. */
    private static final class Exact {
        private static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);
        private static final BigDecimal NEGLIGIBLE = new BigDecimal("1e-62");
        private static final BigDecimal TWO = BigDecimal.valueOf(2);
        // Machin-like formulas
        private static final BigDecimal LN_2 =
                inverseTangents(1, 18, 26).subtract(inverseTangents(1, 2, 4801)).add(inverseTangents(1, 8, 8749));
        private static final BigDecimal PI = inverseTangents(-1, 16, 5).subtract(inverseTangents(-1, 4, 239));
        private static final BigDecimal TWO_OVER_SQRT_PI = TWO.divide(PI.sqrt(DIGITS), DIGITS);

        /** Returns {@code factor · artanh(1/n)} for sign 1 and {@code factor · arctan(1/n)} for sign −1. */
        private static BigDecimal inverseTangents(int sign, int factor, int n) {
            BigDecimal power = BigDecimal.valueOf(factor).divide(BigDecimal.valueOf(n), DIGITS);
            BigDecimal step = BigDecimal.valueOf((long) sign * n * n);
            BigDecimal sum = power;
            for (int k = 3; power.abs().compareTo(NEGLIGIBLE) > 0; k += 2) {
                power = power.divide(step, DIGITS);
                sum = sum.add(power.divide(BigDecimal.valueOf(k), DIGITS), DIGITS);
            }
            return sum;
        }

        static BigDecimal exp(BigDecimal x) {
            int k = x.divide(LN_2, DIGITS).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
            // exp(x) = 2ᵏ · exp(r / 64)⁶⁴
            BigDecimal r =
                    x.subtract(LN_2.multiply(BigDecimal.valueOf(k)), DIGITS).divide(BigDecimal.valueOf(64), DIGITS);
            BigDecimal term = BigDecimal.ONE;
            BigDecimal sum = BigDecimal.ONE;
            for (int i = 1; term.abs().compareTo(NEGLIGIBLE) > 0; i++) {
                term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
                sum = sum.add(term, DIGITS);
            }
            return sum.pow(64, DIGITS).multiply(TWO.pow(k, DIGITS), DIGITS);
        }

        static BigDecimal log(BigDecimal x) {
            // Halley's step triples the 15 digits of the start
            BigDecimal y = new BigDecimal(StrictMath.log(x.doubleValue()));
            BigDecimal ratio = x.multiply(exp(y.negate()), DIGITS);
            BigDecimal step = ratio.subtract(BigDecimal.ONE)
                    .divide(ratio.add(BigDecimal.ONE), DIGITS)
                    .multiply(TWO);
            y = y.add(step);
            ratio = x.multiply(exp(y.negate()), DIGITS);
            return y.add(ratio.subtract(BigDecimal.ONE), DIGITS);
        }

        static BigDecimal tanh(BigDecimal x) {
            BigDecimal square = x.multiply(x, DIGITS);
            if (square.compareTo(new BigDecimal("1e-16")) < 0) {
                // x − x³/3 + 2x⁵/15 − 17x⁷/315 + 62x⁹/2835 …: the next term is below 1e-90 · x
                BigDecimal sum = BigDecimal.ZERO;
                int[][] coefficients = {{-1382, 155_925}, {62, 2835}, {-17, 315}, {2, 15}, {-1, 3}, {1, 1}};
                for (int[] c : coefficients) {
                    BigDecimal coefficient = BigDecimal.valueOf(c[0]).divide(BigDecimal.valueOf(c[1]), DIGITS);
                    sum = sum.multiply(square, DIGITS).add(coefficient, DIGITS);
                }
                return x.multiply(sum, DIGITS);
            }
            BigDecimal e = exp(x.multiply(TWO));
            return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
        }

        static BigDecimal erf(BigDecimal x) {
            // 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)): no term is negative for a positive x
            BigDecimal twiceSquare = x.multiply(x, DIGITS).multiply(TWO);
            BigDecimal term = x;
            BigDecimal sum = x;
            for (int n = 1; term.abs().compareTo(sum.abs().movePointLeft(60)) > 0; n++) {
                term = term.multiply(twiceSquare, DIGITS).divide(BigDecimal.valueOf(2L * n + 1), DIGITS);
                sum = sum.add(term, DIGITS);
            }
            return sum.multiply(TWO_OVER_SQRT_PI, DIGITS)
                    .multiply(exp(twiceSquare.divide(TWO).negate()), DIGITS);
        }

        static BigDecimal sigmoid(BigDecimal x) {
            return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(x.negate()), DIGITS), DIGITS);
        }
    }
}
