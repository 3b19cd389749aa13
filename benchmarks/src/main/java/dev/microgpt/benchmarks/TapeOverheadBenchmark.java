package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
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

/**
 * The overhead of an operation that is recorded and run backward: a chain of a thousand operations on single numbers,
 * compared with a loop of the same arithmetic. With {@code -prof gc} also the bytes allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(TapeOverheadBenchmark.OPERATIONS)
public class TapeOverheadBenchmark {
    static final int OPERATIONS = 1000;

    private static final int LINKS = OPERATIONS / 2;
    private static final double FACTOR = 0.99;

    private final Parameter x = new Parameter("x", Shape.scalar(), 0.5);
    private final Tape tape = Tape.training();
    private final double[] y = new double[LINKS + 1];

    /** Compares the gradients of the two. */
    @Setup
    public void setUp() {
        if (tape() != loop()) {
            throw new IllegalStateException(
                    "the gradient is " + tape() + " on the tape and " + loop() + " in the loop");
        }
    }

    /** {@code y₀ = x, yᵢ₊₁ = f·yᵢ + x}, one scale and one add for each link; returns dx. */
    @Benchmark
    public double tape() {
        x.zeroGrad();
        tape.reset();
        Tensor last = x;
        for (int i = 0; i < LINKS; i++) {
            last = tape.add(tape.scale(last, FACTOR), x);
        }
        tape.backward(last);
        return x.grad()[0];
    }

    /** The same sums in the same order; the values of the forward pass are stored, as on a tape. */
    @Benchmark
    public double loop() {
        double start = x.data()[0];
        y[0] = start;
        for (int i = 0; i < LINKS; i++) {
            y[i + 1] = FACTOR * y[i] + start;
        }
        double dx = 0;
        double dy = 1;
        for (int i = LINKS - 1; i > 0; i--) {
            dx += dy;
            dy = FACTOR * dy;
        }
        dx += dy;
        return Math.fma(FACTOR, dy, dx);
    }
}
