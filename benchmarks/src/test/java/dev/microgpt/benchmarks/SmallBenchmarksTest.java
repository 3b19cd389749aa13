package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every benchmark verifies its results in its set-up and throws if one is wrong. */
class SmallBenchmarksTest {
    @Test
    void functionsAgreeWithStrictMath() {
        FunctionBenchmark benchmark = new FunctionBenchmark();
        benchmark.setUp();
        double[] y = benchmark.exp();
        assertSame(y, benchmark.expOfMath());
        assertSame(y, benchmark.expOfStrictMath());
        assertSame(y, benchmark.logOfMath());
        assertSame(y, benchmark.logOfStrictMath());
        assertSame(y, benchmark.tanhOfMath());
        assertSame(y, benchmark.tanhOfStrictMath());
    }

    @Test
    void adamFollowsItsFormula() {
        AdamBenchmark benchmark = new AdamBenchmark();
        benchmark.setUp();
        assertTrue(Double.isFinite(benchmark.oneThread()[0]));
        assertTrue(Double.isFinite(benchmark.twoThreads()[0]));
    }

    @Test
    void tapeAndLoopComputeTheSameGradient() {
        TapeOverheadBenchmark benchmark = new TapeOverheadBenchmark();
        benchmark.setUp();
        assertEquals(benchmark.loop(), benchmark.tape());
    }

    @Test
    void wholeArrayIsRead() {
        MemoryReadBenchmark benchmark = new MemoryReadBenchmark();
        benchmark.fill(1 << 20);
        assertEquals(1 << 20, benchmark.oneThread());
    }

    @Test
    void emptyBenchmarkReturns() {
        assertEquals(1.0, new EmptyBenchmark().empty());
    }
}
