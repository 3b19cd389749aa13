package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Kernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
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

/**
 * Elementary functions, time for each element: those of the kernels, whose bits are the same on every machine, compared
 * with those of the JDK in a plain loop. The JDK has no {@code erf}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(FunctionBenchmark.ELEMENTS)
public class FunctionBenchmark {
    static final int ELEMENTS = 4096;

    private final Kernels kernels = Kernels.active();
    private final double[] y = new double[ELEMENTS];
    private double[] x;
    private double[] positive;

    /** Draws the arguments and compares the functions with those of StrictMath. */
    @Setup
    public void setUp() {
        x = RandomNumbers.normal(new Random(1), ELEMENTS);
        positive = new double[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            positive[i] = Math.exp(x[i]);
        }
        // the kernels are within 2 ulp, StrictMath within 1
        check("exp", x, exp(), StrictMath::exp, 3 * 0x1p-52);
        check("log", positive, log(), StrictMath::log, 3 * 0x1p-52);
        check("tanh", x, tanh(), StrictMath::tanh, 3 * 0x1p-52);
        check("erf", x, erf(), ErfSeries::erf, 1e-10);
    }

    private static void check(
            String name, double[] arguments, double[] found, DoubleUnaryOperator expected, double tolerance) {
        for (int i = 0; i < ELEMENTS; i++) {
            double value = expected.applyAsDouble(arguments[i]);
            if (!(Math.abs(found[i] - value) <= tolerance * Math.abs(value))) {
                throw new IllegalStateException(
                        name + "(" + arguments[i] + ") is " + found[i] + " in the kernels, but should be " + value);
            }
        }
    }

    @Benchmark
    public double[] exp() {
        kernels.exp(x, 0, 0.0, y, 0, ELEMENTS);
        return y;
    }

    @Benchmark
    public double[] expOfMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = Math.exp(x[i]);
        }
        return y;
    }

    @Benchmark
    public double[] expOfStrictMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = StrictMath.exp(x[i]);
        }
        return y;
    }

    @Benchmark
    public double[] log() {
        kernels.log(positive, 0, y, 0, ELEMENTS);
        return y;
    }

    @Benchmark
    public double[] logOfMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = Math.log(positive[i]);
        }
        return y;
    }

    @Benchmark
    public double[] logOfStrictMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = StrictMath.log(positive[i]);
        }
        return y;
    }

    @Benchmark
    public double[] tanh() {
        kernels.tanh(x, 0, y, 0, ELEMENTS);
        return y;
    }

    @Benchmark
    public double[] tanhOfMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = Math.tanh(x[i]);
        }
        return y;
    }

    @Benchmark
    public double[] tanhOfStrictMath() {
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = StrictMath.tanh(x[i]);
        }
        return y;
    }

    @Benchmark
    public double[] erf() {
        kernels.erf(x, 0, y, 0, ELEMENTS);
        return y;
    }
}
