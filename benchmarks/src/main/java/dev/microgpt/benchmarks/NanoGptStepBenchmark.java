package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.data.Batcher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A training step of nanoGPT's model without biases and dropout ({@link GptConfig#NANO}) in the shape of
 * {@link Workload#NANO}: a model that other frameworks can train as well. Each step is timed, so that the best and the
 * median are known where the speed of the machine changes within seconds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class NanoGptStepBenchmark {
    private final Tape tape = Tape.training();
    private final Parameters parameters = Parameters.drawnFrom(new PythonRandom(42));
    private Gpt model;
    private Adam adam;
    private Batcher batcher;
    private int step;

    /** Verifies that the initial loss is that of guessing, and that it falls. */
    @Setup
    public void setUp() {
        model = new Gpt(GptConfig.nano(65), parameters);
        adam = new Adam(parameters.all(), 0.9, 0.99, 1e-8);
        batcher = Workload.NANO.batcher(Workload.NANO.verifiedBatchSize());
        double first = train();
        double guess = Math.log(Workload.NANO.config().vocabSize());
        // the initial logits are about ±0.6, which adds half of their square
        if (!(Math.abs(first - guess) < 0.4)) {
            throw new IllegalStateException("the initial loss is " + first + ", but guessing gives " + guess);
        }
        double last = first;
        for (int i = 0; i < 5; i++) {
            last = train();
        }
        if (!(last < first)) {
            throw new IllegalStateException(
                    "the loss does not fall: it is " + first + " initially and " + last + " after 5 steps");
        }
        batcher = Workload.NANO.batcher(Workload.NANO.batchSize());
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double tapeScalar() {
        return train();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double tapeVector() {
        return train();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double tapeVectorTwoThreads() {
        return train();
    }

    private double train() {
        Batch batch = batcher.batch(step);
        step = (step + 1) % 1000;
        tape.reset();
        Tensor loss = tape.crossEntropy(model.forward(tape, batch), batch.targets());
        tape.backward(loss);
        adam.step(1e-3);
        parameters.zeroGrad();
        return loss.item();
    }
}
