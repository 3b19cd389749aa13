package dev.microgpt.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Causal attention, forward and backward: this library's single operation, and the same composed of operations on
 * single matrices. Each call is timed, as in {@link NanoGptStepBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class AttentionBenchmark {
    /** Sequences x heads x length x channels per head, and perhaps a form, see {@link AttentionInputs#random}. */
    @Param({
        "12x4x64x32",
        "4x6x256x64",
        "1x12x1024x64",
        "1x12x1024x64+grouped4",
        "1x12x1024x64+window64",
        "1x12x1024x64+rope"
    })
    public String shape;

    private FusedAttention fused;
    private ComposedAttention composed;

    /** Compares the outputs and gradients of both forms. */
    @Setup
    public void setUp() {
        AttentionInputs inputs = AttentionInputs.random(shape);
        fused = new FusedAttention(inputs);
        composed = new ComposedAttention(inputs);
        double one = fused.forwardAndBackward();
        double other = composed.forwardAndBackward();
        inputs.checkClose(
                "the weighted sum of the outputs", one, other, (long) inputs.rows() * inputs.heads() * inputs.d());
        inputs.checkClose("dq", fused.gradient(0), composed.gradient(0));
        inputs.checkClose("dk", fused.gradient(1), composed.gradient(1));
        inputs.checkClose("dv", fused.gradient(2), composed.gradient(2));
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double fusedScalar() {
        return fused.forwardAndBackward();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double fusedVector() {
        return fused.forwardAndBackward();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double fusedVectorTwoThreads() {
        return fused.forwardAndBackward();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double composedScalar() {
        return composed.forwardAndBackward();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.LARGE_HEAP, JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double composedVector() {
        return composed.forwardAndBackward();
    }
}
