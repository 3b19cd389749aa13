package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.benchmarks.MatmulProblem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatmulBenchmarkTest {
    private final MatmulBenchmark benchmark = new MatmulBenchmark();

    @ParameterizedTest
    @CsvSource({"16x16x16, NN", "16x16x16, NT", "16x16x16, TN", "7x5x3, NN", "7x5x3, NT", "7x5x3, TN", "768x65x128, NT"
    })
    void everyLibraryAvailableInThisJvmAgreesWithTheNaiveLoop(String shape, Kind kind) {
        MatmulProblem problem = problem(shape, kind);
        MatmulBenchmark.Ours ours = new MatmulBenchmark.Ours();
        ours.setUp(problem); // throws if a bit differs, as the following do beyond rounding
        MatmulPeers.Ejml ejml = new MatmulPeers.Ejml();
        ejml.setUp(problem);
        MatmulPeers.VectorBlas vectorBlas = new MatmulPeers.VectorBlas();
        vectorBlas.setUp(problem);
        assertArrayEquals(benchmark.naive(problem), benchmark.scalar(ours));
        assertTrue(Double.isFinite(benchmark.ejml(ejml)[0]));
        assertTrue(Double.isFinite(benchmark.vectorBlas(vectorBlas)[0]));
    }

    @ParameterizedTest
    @EnumSource
    void wrongProductIsRefused(Kind kind) {
        MatmulProblem problem = problem("4x4x4", kind);
        double[] c = problem.multiplyNaively();
        problem.checkBits(c);
        c[5] = Math.nextUp(c[5]);
        problem.checkClose("a rounding error", c);
        assertThrows(IllegalStateException.class, () -> problem.checkBits(c));
        c[5] += 1e-13;
        assertThrows(IllegalStateException.class, () -> problem.checkClose("a mistake", c));
    }

    @Test
    void openBlasIsSkippedWithAReasonWhereItCannotBeMeasured() {
        MatmulProblem problem = problem("4x4x4", Kind.NN);
        MatmulPeers.OpenBlas blas = new MatmulPeers.OpenBlas();
        if (MatmulPeers.OpenBlas.usesOneThread()) {
            return; // it is measured, or missing for another reason
        }
        IllegalStateException skipped = assertThrows(IllegalStateException.class, () -> blas.setUp(problem));
        assertTrue(skipped.getMessage().startsWith("skipped: "), skipped.getMessage());
    }

    private static MatmulProblem problem(String shape, Kind kind) {
        MatmulProblem problem = new MatmulProblem();
        problem.shape = shape;
        problem.kind = kind;
        problem.setUp();
        return problem;
    }
}
