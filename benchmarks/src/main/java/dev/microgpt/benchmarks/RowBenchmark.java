package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.Random;
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
 * Operations other than products, forward and backward through a tape, at the sizes of models with 128 and 384
 * channels.
 *
 * <p>Gradients accumulate from call to call, so that only the operation is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class RowBenchmark {
    /** The operation, and rows x columns of its input. */
    @Param({
        "RMS_NORM:768x128",
        "RMS_NORM:1024x384",
        "RMS_NORM_GAIN:768x128",
        "LAYER_NORM:768x128",
        "LAYER_NORM:1024x384",
        "SOFTMAX:768x128",
        "SOFTMAX:1024x384",
        "CROSS_ENTROPY:768x65",
        "CROSS_ENTROPY:1024x384",
        "GELU:768x512",
        "GELU:1024x384",
        "GELU_TANH:768x512",
        "SILU:768x512",
        "RELU:768x512",
        "RELU:1024x384",
        "RELU_SQUARED:768x512",
        "DROPOUT:768x128",
        "ADD:768x128",
        "ADD:1024x384",
        "EMBEDDING:768x128",
        "EMBEDDING:1024x384"
    })
    public String operation;

    private final Tape tape = Tape.training();
    private RowOperation op;
    private RowInputs inputs;
    private double[] dy;

    /** Compares the values with the definition, and the gradients for a small matrix with finite differences. */
    @Setup
    public void setUp() {
        String[] parts = operation.split("[:x]");
        op = RowOperation.valueOf(parts[0]);
        inputs = new RowInputs(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        tape.reset();
        Tensor y = op.record(tape, inputs);
        dy = RandomNumbers.normal(new Random(2), y.shape().size());
        for (int i = 0; i < dy.length; i++) {
            checkClose(y.data()[i], op.expected(inputs, i / inputs.columns, i % inputs.columns));
        }
        RowInputs small = new RowInputs(5, 16);
        GradientCheck.kinked().check(op.name(), checked -> op.record(checked, small), op.inputs(small));
    }

    /** The definition is summed in plain order, so its error is about one ulp for each element of a row. */
    private void checkClose(double found, double expected) {
        if (!(Math.abs(found - expected) <= 1e-10 * Math.max(1, Math.abs(expected)))) {
            throw new IllegalStateException(operation + " is " + found + ", but " + expected + " by its definition");
        }
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public Tensor scalar() {
        return forwardAndBackward();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public Tensor vector() {
        return forwardAndBackward();
    }

    /**
     * Returns the bytes that an operation must read and write at least, forward and backward, see {@link RowOperation}.
     *
     * @param operation a value of {@link #operation}
     */
    public static double leastBytes(String operation) {
        String[] parts = operation.split("[:x]");
        return (double) Double.BYTES
                * RowOperation.valueOf(parts[0]).numbers()
                * Integer.parseInt(parts[1])
                * Integer.parseInt(parts[2]);
    }

    private Tensor forwardAndBackward() {
        tape.reset();
        Tensor y = op.record(tape, inputs);
        tape.backward(y, dy);
        return y;
    }
}
