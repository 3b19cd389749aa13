package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.train.Adam;
import java.util.List;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/** An Adam update of a million parameters. Time for each parameter, for which 4 numbers are read and 3 written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(AdamBenchmark.PARAMETERS)
public class AdamBenchmark {
    static final int PARAMETERS = 1_000_000;

    private static final double RATE = 1e-3;

    private Parameter parameter;
    private Adam adam;

    /**
     * Verifies that the first update moves each parameter against its gradient by the learning rate, as in the
     * formula.
     */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        double[] before = RandomNumbers.normal(random, PARAMETERS);
        parameter = new Parameter("p", Shape.of(PARAMETERS), before.clone());
        System.arraycopy(RandomNumbers.normal(random, PARAMETERS), 0, parameter.grad(), 0, PARAMETERS);
        adam = new Adam(List.of(parameter), 0.9, 0.99, 1e-8);
        adam.step(RATE);
        for (int i = 0; i < PARAMETERS; i++) {
            // m̂ = g and v̂ = g² at the first update
            double g = parameter.grad()[i];
            double expected = before[i] - RATE * g / (Math.abs(g) + 1e-8);
            if (!(Math.abs(parameter.data()[i] - expected) < 1e-14)) {
                throw new IllegalStateException("parameter " + i + " is "
                        + parameter.data()[i] + " after the first update; it must be " + expected);
            }
        }
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double[] oneThread() {
        adam.step(RATE);
        return parameter.data();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.TWO_THREADS})
    public double[] twoThreads() {
        adam.step(RATE);
        return parameter.data();
    }
}
