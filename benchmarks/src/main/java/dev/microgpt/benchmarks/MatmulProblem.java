package dev.microgpt.benchmarks;

import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Two matrices of random numbers between -1 and 1, and their expected product. */
@State(Scope.Thread)
public class MatmulProblem {
    /** Which factor is stored transposed; all matrices are row-major. */
    public enum Kind {
        /** {@code C = A·B} with A, shape {@code (M, K)}, and B, shape {@code (K, N)}. */
        NN,
        /** {@code C = A·Bᵀ} with A, shape {@code (M, K)}, and B, shape {@code (N, K)}. */
        NT,
        /** {@code C = Aᵀ·B} with A, shape {@code (K, M)}, and B, shape {@code (K, N)}. */
        TN
    }

    /** M x N x K: cubes, then products of the training steps with 128 and with 16 channels. */
    @Param({
        "16x16x16",
        "32x32x32",
        "64x64x64",
        "128x128x128",
        "256x256x256",
        "512x512x512",
        "1024x1024x1024",
        "768x512x128",
        "768x128x512",
        "768x65x128",
        "104x64x16",
        "64x64x32"
    })
    public String shape;

    /** See {@link Kind}. */
    @Param
    public Kind kind;

    int m;
    int n;
    int k;
    double[] a;
    double[] b;
    private double[] product;
    private double[] expected;

    /** Draws the matrices and multiplies them. */
    @Setup
    public void setUp() {
        String[] sizes = shape.split("x");
        m = Integer.parseInt(sizes[0]);
        n = Integer.parseInt(sizes[1]);
        k = Integer.parseInt(sizes[2]);
        Random random = new Random(1);
        a = random.doubles((long) m * k, -1, 1).toArray();
        b = random.doubles((long) n * k, -1, 1).toArray();
        product = newResult();
        expected = multiplyNaively().clone();
    }

    double[] newResult() {
        return new double[m * n];
    }

    /** Multiplies in plain loops that walk along rows; each element is one chain of fma. */
    double[] multiplyNaively() {
        for (int i = 0; i < m; i++) {
            if (kind == Kind.NT) {
                rowOfDotProducts(i, product);
            } else {
                rowOfSums(i, product);
            }
        }
        return product;
    }

    private void rowOfDotProducts(int i, double[] c) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
                sum = Math.fma(a[i * k + p], b[j * k + p], sum);
            }
            c[i * n + j] = sum;
        }
    }

    private void rowOfSums(int i, double[] c) {
        for (int j = 0; j < n; j++) {
            c[i * n + j] = 0;
        }
        for (int p = 0; p < k; p++) {
            double factor = kind == Kind.NN ? a[i * k + p] : a[p * m + i];
            for (int j = 0; j < n; j++) {
                c[i * n + j] = Math.fma(factor, b[p * n + j], c[i * n + j]);
            }
        }
    }

    /** Compares with a product of our kernels, which promise one chain of fma for each element. */
    void checkBits(double[] c) {
        check("the kernels", c, 0);
    }

    /**
     * Compares with a product of another library, which may add in any order, with or without fma. Each of the two
     * results has an error of at most {@code k · 2⁻⁵³ · Σ|a·b|}, and no {@code |a·b|} is above 1.
     */
    void checkClose(String who, double[] c) {
        check(who, c, 2.0 * k * k * 0x1p-53);
    }

    private void check(String who, double[] c, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(c[i] - expected[i]) <= tolerance)) {
                throw new IllegalStateException(kind + " " + shape + ", element " + i + " is " + c[i] + " from " + who
                        + " and " + expected[i] + " from the naive loop; the difference must be at most " + tolerance);
            }
        }
    }
}
