package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Kernels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products: our kernels, plain loops, EJML, and netlib's BLAS in Java and on OpenBLAS.
 *
 * <p>{@code src/main/c/openblas.c} measures OpenBLAS at the same sizes, called from C.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class MatmulBenchmark {
    private static final String NO_NATIVE = "-Ddev.ludovic.netlib.blas.allowNative=false";

    /** This project's kernels. */
    @State(Scope.Thread)
    public static class Ours {
        private final Kernels kernels = Kernels.active();
        private MatmulProblem problem;
        private double[] c;

        /** Verifies the product. */
        @Setup
        public void setUp(MatmulProblem given) {
            problem = given;
            c = given.newResult();
            given.checkBits(multiply());
        }

        double[] multiply() {
            int m = problem.m;
            int n = problem.n;
            int k = problem.k;
            double[] a = problem.a;
            double[] b = problem.b;
            switch (problem.kind) {
                case NN -> kernels.matmul(m, n, k, a, 0, k, 1, b, 0, n, 1, c, 0, n, false);
                case NT -> kernels.matmul(m, n, k, a, 0, k, 1, b, 0, 1, k, c, 0, n, false);
                case TN -> kernels.matmul(m, n, k, a, 0, 1, m, b, 0, n, 1, c, 0, n, false);
            }
            return c;
        }
    }

    @Benchmark
    public double[] naive(MatmulProblem problem) {
        return problem.multiplyNaively();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double[] scalar(Ours ours) {
        return ours.multiply();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double[] vector(Ours ours) {
        return ours.multiply();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double[] vectorTwoThreads(Ours ours) {
        return ours.multiply();
    }

    @Benchmark
    public double[] ejml(MatmulPeers.Ejml ejml) {
        return ejml.multiply();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, NO_NATIVE})
    public double[] vectorBlas(MatmulPeers.VectorBlas blas) {
        return blas.multiply();
    }

    @Benchmark
    public double[] openBlas(MatmulPeers.OpenBlas blas) {
        return blas.multiply();
    }
}
