package dev.microgpt.benchmarks;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import dev.microgpt.benchmarks.MatmulProblem.Kind;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The libraries that {@link MatmulBenchmark} compares our kernels with; each fork verifies the one that it measures.
 */
public final class MatmulPeers {
    private MatmulPeers() {}

    /** EJML's products. */
    @State(Scope.Thread)
    public static class Ejml {
        private Kind kind;
        private DMatrixRMaj a;
        private DMatrixRMaj b;
        private DMatrixRMaj c;

        /** Wraps the matrices and verifies the product. */
        @Setup
        public void setUp(MatmulProblem problem) {
            kind = problem.kind;
            boolean tn = kind == Kind.TN;
            boolean nt = kind == Kind.NT;
            a = DMatrixRMaj.wrap(tn ? problem.k : problem.m, tn ? problem.m : problem.k, problem.a);
            b = DMatrixRMaj.wrap(nt ? problem.n : problem.k, nt ? problem.k : problem.n, problem.b);
            c = new DMatrixRMaj(problem.m, problem.n);
            problem.checkClose("EJML", multiply());
        }

        double[] multiply() {
            switch (kind) {
                case NN -> CommonOps_DDRM.mult(a, b, c);
                case NT -> CommonOps_DDRM.multTransB(a, b, c);
                case TN -> CommonOps_DDRM.multTransA(a, b, c);
            }
            return c.data;
        }
    }

    /** A BLAS with column-major matrices, to which {@code C = A·B} is {@code Cᵀ = Bᵀ·Aᵀ}. */
    private abstract static class Netlib {
        private BLAS blas;
        private MatmulProblem problem;
        private double[] c;

        void setUp(MatmulProblem given, BLAS implementation) {
            problem = given;
            blas = implementation;
            c = given.newResult();
            given.checkClose(implementation.getClass().getName(), multiply());
        }

        double[] multiply() {
            int m = problem.m;
            int n = problem.n;
            int k = problem.k;
            boolean tn = problem.kind == Kind.TN;
            boolean nt = problem.kind == Kind.NT;
            blas.dgemm(
                    nt ? "T" : "N",
                    tn ? "T" : "N",
                    n,
                    m,
                    k,
                    1.0,
                    problem.b,
                    nt ? k : n,
                    problem.a,
                    tn ? m : k,
                    0.0,
                    c,
                    n);
            return c;
        }
    }

    /** netlib's BLAS in Java with the Vector API. */
    @State(Scope.Thread)
    public static class VectorBlas extends Netlib {
        /** Verifies the product. */
        @Setup
        public void setUp(MatmulProblem problem) {
            JavaBLAS blas = JavaBLAS.getInstance();
            if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
                throw new IllegalStateException("skipped: netlib chose " + blas.getClass() + "; its VectorBLAS needs "
                        + JvmFlags.VECTOR_MODULE);
            }
            setUp(problem, blas);
        }
    }

    /** The BLAS of the system, by default {@code libblas.so.3}, through netlib. */
    @State(Scope.Thread)
    public static class OpenBlas extends Netlib {
        /** Verifies that the library exists, that it uses one thread, and its product. */
        @Setup
        public void setUp(MatmulProblem problem) {
            if (!usesOneThread()) {
                throw new IllegalStateException("skipped: OpenBLAS would use all cores; set OPENBLAS_NUM_THREADS=1 in"
                        + " the environment of the benchmarks");
            }
            setUp(problem, nativeBlas());
        }

        private static NativeBLAS nativeBlas() {
            try {
                return NativeBLAS.getInstance();
            } catch (RuntimeException | LinkageError missing) {
                throw new IllegalStateException(
                        "skipped: there is no native BLAS; install libopenblas0, or name the library with"
                                + " -Ddev.ludovic.netlib.blas.nativeLib or nativeLibPath",
                        missing);
            }
        }

        /** The library reads the variable while it is loaded, so it cannot be set from within this JVM. */
        static boolean usesOneThread() {
            return "1".equals(System.getenv("OPENBLAS_NUM_THREADS"));
        }
    }
}
