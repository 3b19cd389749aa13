package dev.microgpt.autograd.kernel.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.PackedMatrices;
import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.kernel.scalar.NaiveKernels.Layout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every implementation of the product with a packed matrix must do, bit for bit: a subclass names it. */
public abstract class PackedContract {
    private static final int[] AWKWARD = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 70, 127, 130};

    private static final double[] SPECIAL = {
        -0.0,
        0.0,
        Float.MIN_VALUE,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private final Random random = new Random(3);

    protected abstract Kernels kernels();

    @ParameterizedTest
    @EnumSource
    void everySizeUpToTwentyIsAChainOfFma(Precision precision) {
        for (int n = 1; n <= 20; n++) {
            for (int k = 1; k <= 20; k++) {
                compare(1 + (n + k) % 5, n, k, precision, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void awkwardSizesAreAChainOfFma(Precision precision) {
        for (int i = 0; i < AWKWARD.length; i++) {
            for (int n : AWKWARD) {
                compare(AWKWARD[i] % 12 + 1, n, AWKWARD[(i + n) % AWKWARD.length], precision, false);
                compare(1, n, AWKWARD[i], precision, true);
            }
        }
    }

    /** Sizes that threads share, in several blocks of columns. */
    @ParameterizedTest
    @EnumSource
    void largeSizesAreAChainOfFma(Precision precision) {
        int[][] sizes = {{1, 1003, 513}, {3, 515, 300}, {9, 660, 700}, {40, 130, 257}, {150, 70, 520}};
        for (int[] size : sizes) {
            compare(size[0], size[1], size[2], precision, false);
        }
    }

    /** Zeros of either sign, the smallest and largest numbers, infinities and NaN. */
    @ParameterizedTest
    @EnumSource
    void specialNumbersAreAChainOfFma(Precision precision) {
        for (int m = 1; m <= 3; m++) {
            for (int n = 1; n <= 70; n += 3) {
                compare(m, n, 1 + n % 7, precision, true);
            }
        }
    }

    private void compare(int m, int n, int k, Precision precision, boolean special) {
        double[] weights = gaussians(n * k);
        for (int i = 0; i < weights.length; i++) {
            if (special && random.nextInt(3) == 0) {
                weights[i] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
            weights[i] = rounded(weights[i], precision);
        }
        if (precision == Precision.F64) {
            weights[random.nextInt(weights.length)] = Math.PI;
        } else if (precision == Precision.F32) {
            weights[random.nextInt(weights.length)] = (float) Math.PI;
        }
        PackedMatrix packed =
                PackedMatrices.of(Shape.of(n, k), weights, kernels().panelWidth());
        String what = m + " × " + k + " × " + n + " " + precision;
        assertEquals(precision, packed.precision(), what);
        KernelsContract.assertSame(weights, packed.toArray(), what + ": the weights");
        Layout a = new Layout(gaussians(5 + m * (k + 3) + 5), 5, k + 3, 1);
        Layout c = new Layout(gaussians(4 + m * (n + 2) + 4), 4, n + 2, 1);
        Layout expected = new Layout(c.array().clone(), 4, n + 2, 1);
        NaiveKernels.product(m, n, k, a, new Layout(weights, 0, 1, k), expected, true);
        kernels().matmulPacked(m, packed, a.array(), 5, k + 3, c.array(), 4, n + 2);
        KernelsContract.assertSame(expected.array(), c.array(), what); // with all that lies around the result
    }

    private double[] gaussians(int count) {
        double[] numbers = new double[count];
        for (int from = 0; from < count; from += 1000) {
            int part = Math.min(1000, count - from);
            System.arraycopy(Gaussians.from(random, part), 0, numbers, from, part);
        }
        return numbers;
    }

    private static double rounded(double x, Precision precision) {
        if (precision == Precision.F64) {
            return x;
        }
        float rounded = (float) x;
        boolean all = precision == Precision.F32 || Float.isNaN(rounded);
        return all ? rounded : Float.intBitsToFloat(Float.floatToIntBits(rounded) & 0xFFFF_0000);
    }
}
