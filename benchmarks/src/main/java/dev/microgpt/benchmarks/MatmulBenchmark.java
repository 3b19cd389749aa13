package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Kernels;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The product of the linear layer, {@code C = A·Bᵀ}, at the sizes of models: ours, a naive loop, and EJML. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBenchmark {
    /** Rows, columns and inner length: MICRO's layers, its head, and two of larger models. */
    @Param({"7x16x16", "7x64x16", "7x27x16", "64x64x64", "768x128x128"})
    public String size;

    private final Kernels kernels = Kernels.active();
    private int m;
    private int n;
    private int k;
    private double[] a;
    private double[] b;
    private double[] c;
    private DMatrixRMaj ejmlA;
    private DMatrixRMaj ejmlB;
    private DMatrixRMaj ejmlC;

    /** Fills the matrices and compares the three results. */
    @Setup
    public void setUp() {
        String[] sizes = size.split("x");
        m = Integer.parseInt(sizes[0]);
        n = Integer.parseInt(sizes[1]);
        k = Integer.parseInt(sizes[2]);
        Random random = new Random(1);
        a = random.doubles((long) m * k, -1, 1).toArray();
        b = random.doubles((long) n * k, -1, 1).toArray();
        c = new double[m * n];
        ejmlA = DMatrixRMaj.wrap(m, k, a);
        ejmlB = DMatrixRMaj.wrap(n, k, b);
        ejmlC = new DMatrixRMaj(m, n);
        double[] expected = naive().clone();
        if (!Arrays.equals(expected, kernels())) {
            throw new IllegalStateException("the kernels differ from the naive chain of fma");
        }
        double[] other = ejml().data;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(other[i] - expected[i]) < 1e-12 * k)) {
                throw new IllegalStateException("EJML differs at " + i);
            }
        }
    }

    /** This project's kernels. */
    @Benchmark
    public double[] kernels() {
        kernels.matmulNT(m, n, k, a, 0, k, b, 0, k, c, 0, n, false);
        return c;
    }

    /** One chain of fma after the other. */
    @Benchmark
    public double[] naive() {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[i * k + p], b[j * k + p], sum);
                }
                c[i * n + j] = sum;
            }
        }
        return c;
    }

    /** EJML's product with a transposed second factor. */
    @Benchmark
    public DMatrixRMaj ejml() {
        CommonOps_DDRM.multTransB(ejmlA, ejmlB, ejmlC);
        return ejmlC;
    }
}
