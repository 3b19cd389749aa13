package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PeakBenchmarkTest {
    @Test
    void sumsConvergeToTheirFixedPoint() {
        PeakBenchmark benchmark = new PeakBenchmark();
        benchmark.setUp(); // throws if not
        assertEquals(12.0, benchmark.scalar(), 1e-9);
    }
}
