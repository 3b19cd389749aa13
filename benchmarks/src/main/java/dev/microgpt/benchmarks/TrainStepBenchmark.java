package dev.microgpt.benchmarks;

import dev.microgpt.model.Batch;
import dev.microgpt.model.CharTokenizer;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Batcher;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import java.util.ArrayList;
import java.util.List;
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

/** A whole training step: encoding, forward, backward, Adam. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrainStepBenchmark {
    /** Far more steps than are run: the rate stays at its peak. */
    private static final int STEPS = Integer.MAX_VALUE;

    /** Names a step, of 7.2 tokens on average with the one that ends them. */
    @Param({"1", "32"})
    public int batchSize;

    private Batcher batcher;
    private Trainer trainer;
    private int step;

    /** Builds the MICRO model on made-up names and sees that it learns. */
    @Setup
    public void setUp() {
        PythonRandom random = new PythonRandom(42);
        List<String> names = names(random, 1000);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        Gpt gpt = new Gpt(GptConfig.microgpt(tokenizer.vocabSize()), Parameters.drawnFrom(random));
        batcher = new Batcher(names, tokenizer, batchSize, gpt.config().blockSize());
        Adam adam = new Adam(gpt.parameters().all(), 0.85, 0.99, 1e-8);
        trainer = new Trainer(gpt, batcher, adam, LearningRate.linearDecay(0.01, STEPS));
        double first = step();
        double last = first;
        for (int i = 0; i < 200; i++) {
            last = step();
        }
        if (!(last < first)) {
            throw new IllegalStateException(
                    "the loss does not fall: " + first + " at first, " + last + " after 200 steps");
        }
    }

    /** One step; returns its loss. */
    @Benchmark
    public double step() {
        Batch batch = batcher.batch(step);
        double loss = trainer.addGradients(batch, batch.targets().length);
        trainer.update(0.01);
        step = (step + 1) % 1000;
        return loss;
    }

    /** What JMH itself takes. */
    @Benchmark
    public int empty() {
        return step;
    }

    /** Names of 3 to 10 letters, drawn from few letters, so that there is something to learn. */
    private static List<String> names(PythonRandom random, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = 3 + random.randbelow(8); length > 0; length--) {
                name.append((char) ('a' + random.randbelow(1 + random.randbelow(26))));
            }
            names.add(name.toString());
        }
        return names;
    }
}
