package dev.microgpt.benchmarks;

import dev.microgpt.benchmarks.handwritten.HandWrittenStep;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.List;
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

/** A training step of {@link Workload#NANO} with another width, context length or batch size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ScalingBenchmark {
    private static final double RATE = 1e-3;
    private static final Workload BASE = Workload.NANO;

    /** The dimension that is changed, and its value. */
    @Param({
        "width:32",
        "width:64",
        "width:128",
        "width:256",
        "width:512",
        "context:16",
        "context:32",
        "context:64",
        "context:128",
        "context:256",
        "batch:1",
        "batch:3",
        "batch:12",
        "batch:48"
    })
    public String point;

    private Batch batch;
    private Trainer trainer;

    /** Compares the loss of the first step with that of the hand-written step. */
    @Setup
    public void setUp() {
        String[] parts = point.split(":");
        int value = Integer.parseInt(parts[1]);
        boolean width = parts[0].equals("width");
        boolean context = parts[0].equals("context");
        GptConfig base = BASE.config();
        GptConfig config = GptConfig.microgpt(base.vocabSize())
                .withSizes(
                        base.nLayer(), base.nHead(), width ? value : base.nEmbd(), context ? value : base.blockSize());
        int sequences = width || context ? BASE.batchSize() : value;
        batch = batch(config, sequences);
        Gpt gpt = new Gpt(config, RandomNumbers.weights(config));
        HandWrittenStep handWritten = new HandWrittenStep(config, gpt.parameters(), sequences, 0.9, 0.99, 1e-8);
        Adam adam = new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8);
        // the trainer uses neither batcher nor schedule: train() passes batch and rate
        Batcher unused = BASE.batcher(1);
        trainer = new Trainer(gpt, unused, adam, LearningRate.linearDecay(RATE, 1));
        double loss = train();
        double expected = handWritten.step(batch, RATE);
        if (loss != expected) {
            throw new IllegalStateException(
                    "the loss is " + loss + " on the tape and " + expected + " in the hand-written step");
        }
    }

    private static Batch batch(GptConfig config, int sequences) {
        Random random = new Random(1);
        List<int[]> tokens = new ArrayList<>();
        for (int s = 0; s < sequences; s++) {
            tokens.add(
                    random.ints(config.blockSize() + 1, 0, config.vocabSize()).toArray());
        }
        return Batch.forTraining(tokens);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.ONE_THREAD})
    public double oneThread() {
        return train();
    }

    @Benchmark
    @Fork(jvmArgsAppend = {JvmFlags.VECTOR_MODULE, JvmFlags.VECTOR, JvmFlags.TWO_THREADS})
    public double twoThreads() {
        return train();
    }

    private double train() {
        double loss = trainer.addGradients(batch, batch.targets().length);
        trainer.update(RATE);
        return loss;
    }
}
