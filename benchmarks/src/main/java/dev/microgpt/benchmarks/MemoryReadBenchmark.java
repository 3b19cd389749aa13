package dev.microgpt.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Memory bandwidth, in nanoseconds for each number of 8 bytes: the upper limit for data larger than the caches. Each
 * thread adds up its own array of 512 MiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = JvmFlags.LARGE_HEAP)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(MemoryReadBenchmark.NUMBERS)
public class MemoryReadBenchmark {
    static final int NUMBERS = 1 << 26;

    private double[] x;

    /** Fills the array, and verifies that all of it is added up. */
    @Setup
    public void setUp() {
        fill(NUMBERS);
    }

    void fill(int numbers) {
        x = new double[numbers];
        Arrays.fill(x, 1.0);
        if (sum() != numbers) {
            throw new IllegalStateException("the sum of " + numbers + " ones is " + sum());
        }
    }

    @Benchmark
    public double oneThread() {
        return sum();
    }

    @Benchmark
    @Threads(2)
    public double twoThreads() {
        return sum();
    }

    /** Eight independent sums of four streams, so that only memory limits the speed. */
    private double sum() {
        int quarter = x.length / 4;
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int i = 0; i < quarter; i += 2) {
            a += x[i];
            b += x[i + 1];
            c += x[i + quarter];
            d += x[i + quarter + 1];
            e += x[i + 2 * quarter];
            f += x[i + 2 * quarter + 1];
            g += x[i + 3 * quarter];
            h += x[i + 3 * quarter + 1];
        }
        return a + b + c + d + e + f + g + h;
    }
}
