package dev.microgpt.benchmarks;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The peak rate of fused multiply-adds of a core: the upper limit for every matrix product.
 *
 * <p>Twelve independent sums hide the latency of the instruction (4 cycles, two instructions a cycle). An operation is
 * one multiply-add of one number, so 1 ns for each operation would be 2 GFLOP/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = JvmFlags.VECTOR_MODULE)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class PeakBenchmark {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int SUMS = 12;
    private static final int NUMBERS = 1 << 16; // in each sum, over all lanes
    private static final int MULTIPLY_ADDS = SUMS * NUMBERS;

    /** Not a constant, because the compiler must not know that every sum converges to 1, wherever it starts. */
    private double factor = 0.99;

    private double summand = 0.01;

    /**
     * Verifies that the sums converge to 1; they start at different numbers, so that the compiler cannot merge them.
     */
    @Setup
    public void setUp() {
        checkNearOne(scalarSum());
        checkNearOne(vectorSum().reduceLanes(VectorOperators.ADD) / SPECIES.length());
    }

    private static void checkNearOne(double mean) {
        if (!(Math.abs(mean / SUMS - 1.0) < 1e-9)) {
            throw new IllegalStateException("the mean of the sums is " + mean / SUMS + " instead of 1");
        }
    }

    @Benchmark
    @OperationsPerInvocation(MULTIPLY_ADDS)
    public double scalar() {
        return scalarSum();
    }

    @Benchmark
    @OperationsPerInvocation(MULTIPLY_ADDS)
    public void vector(Blackhole blackhole) {
        blackhole.consume(vectorSum().lane(0));
    }

    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(MULTIPLY_ADDS)
    public void vectorTwoThreads(Blackhole blackhole) {
        blackhole.consume(vectorSum().lane(0));
    }

    private double scalarSum() {
        double f = factor;
        double s = summand;
        double a = 1, b = 2, c = 3, d = 4, e = 5, g = 6, h = 7, i = 8, j = 9, k = 10, l = 11, m = 12;
        for (int n = 0; n < NUMBERS; n++) {
            a = Math.fma(a, f, s);
            b = Math.fma(b, f, s);
            c = Math.fma(c, f, s);
            d = Math.fma(d, f, s);
            e = Math.fma(e, f, s);
            g = Math.fma(g, f, s);
            h = Math.fma(h, f, s);
            i = Math.fma(i, f, s);
            j = Math.fma(j, f, s);
            k = Math.fma(k, f, s);
            l = Math.fma(l, f, s);
            m = Math.fma(m, f, s);
        }
        return a + b + c + d + e + g + h + i + j + k + l + m;
    }

    private DoubleVector vectorSum() {
        DoubleVector f = DoubleVector.broadcast(SPECIES, factor);
        DoubleVector s = DoubleVector.broadcast(SPECIES, summand);
        DoubleVector a = s.add(1), b = s.add(2), c = s.add(3), d = s.add(4), e = s.add(5), g = s.add(6);
        DoubleVector h = s.add(7), i = s.add(8), j = s.add(9), k = s.add(10), l = s.add(11), m = s.add(12);
        for (int n = 0; n < NUMBERS; n += SPECIES.length()) {
            a = a.fma(f, s);
            b = b.fma(f, s);
            c = c.fma(f, s);
            d = d.fma(f, s);
            e = e.fma(f, s);
            g = g.fma(f, s);
            h = h.fma(f, s);
            i = i.fma(f, s);
            j = j.fma(f, s);
            k = k.fma(f, s);
            l = l.fma(f, s);
            m = m.fma(f, s);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .add(m);
    }
}
