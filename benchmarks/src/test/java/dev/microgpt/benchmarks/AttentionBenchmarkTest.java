package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionBenchmarkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"2x3x5x4", "1x2x40x8", "12x4x64x32", "2x4x9x2+grouped4", "2x2x40x4+window8", "2x2x9x6+rope"})
    void bothFormsAgree(String shape) {
        AttentionBenchmark benchmark = new AttentionBenchmark();
        benchmark.shape = shape;
        benchmark.setUp(); // throws if outputs or gradients differ
        assertTrue(Double.isFinite(benchmark.fusedScalar()));
        assertTrue(Double.isFinite(benchmark.composedScalar()));
    }

    @Test
    void differenceIsRefused() {
        AttentionInputs inputs = AttentionInputs.random("1x1x4x2");
        inputs.checkClose("x", new double[] {1.0}, new double[] {Math.nextUp(1.0)});
        assertThrows(
                IllegalStateException.class,
                () -> inputs.checkClose("x", new double[] {1.0}, new double[] {1.0 + 1e-11}));
        assertThrows(
                IllegalStateException.class,
                () -> inputs.checkClose("x", new double[] {1.0}, new double[] {Double.NaN}));
    }
}
