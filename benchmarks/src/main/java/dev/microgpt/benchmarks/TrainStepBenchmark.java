package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.benchmarks.handwritten.HandWrittenStep;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.data.Batcher;
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
 * A complete training step: encoding, forward, backward and Adam, on the tape and written by hand on the same kernels.
 *
 * <p>The ratio of the two is the cost of the tape.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class TrainStepBenchmark {
    private static final double RATE = 0.01;
    private static final double BETA_1 = 0.85;
    private static final double BETA_2 = 0.99;
    private static final double EPS = 1e-8;
    private static final int VERIFIED_STEPS = 3;

    /** The model and its batches. */
    @Param
    public Workload workload;

    private Batcher batcher;
    private Trainer trainer;
    private HandWrittenStep handWritten;
    private int step;

    /** Compares the losses and weights of both after a few steps. */
    @Setup
    public void setUp() {
        GptConfig config = workload.config();
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(42)));
        handWritten = new HandWrittenStep(config, gpt.parameters(), workload.batchSize(), BETA_1, BETA_2, EPS);
        batcher = workload.batcher(workload.verifiedBatchSize());
        Adam adam = new Adam(gpt.parameters().all(), BETA_1, BETA_2, EPS);
        // the schedule is not used: trainStep passes the rate
        trainer = new Trainer(gpt, batcher, adam, LearningRate.linearDecay(RATE, VERIFIED_STEPS));
        for (int i = 0; i < VERIFIED_STEPS; i++) {
            Batch batch = nextBatch();
            checkEqual("the loss", trainStep(batch), handWritten.step(batch, RATE));
        }
        for (Parameter parameter : gpt.parameters().all()) {
            double[] other =
                    handWritten.parameter(parameter.name(), parameter.shape().size());
            for (int i = 0; i < other.length; i++) {
                checkEqual(parameter.name(), parameter.data()[i], other[i]);
            }
        }
        batcher = workload.batcher(workload.batchSize());
    }

    private static void checkEqual(String what, double tape, double byHand) {
        if (tape != byHand) {
            throw new IllegalStateException(what + " is " + tape + " on the tape and " + byHand
                    + " in the hand-written step; both add in the same order and must agree to the bit");
        }
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double tapeScalar() {
        return trainStep(nextBatch());
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double tapeVector() {
        return trainStep(nextBatch());
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double tapeVectorTwoThreads() {
        return trainStep(nextBatch());
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.SCALAR, JvmFlags.ONE_THREAD})
    public double handWrittenScalar() {
        return handWritten.step(nextBatch(), RATE);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double handWrittenVector() {
        return handWritten.step(nextBatch(), RATE);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double handWrittenVectorTwoThreads() {
        return handWritten.step(nextBatch(), RATE);
    }

    private Batch nextBatch() {
        Batch batch = batcher.batch(step);
        step = (step + 1) % 1000;
        return batch;
    }

    private double trainStep(Batch batch) {
        double loss = trainer.addGradients(batch, batch.targets().length);
        trainer.update(RATE);
        return loss;
    }
}
