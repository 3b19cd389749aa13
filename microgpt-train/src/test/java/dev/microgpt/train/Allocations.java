package dev.microgpt.train;

import com.sun.management.ThreadMXBean;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

/** Counts the bytes that a step allocates once everything is compiled. */
final class Allocations {
    /** Vectors are objects until the loops that use them are compiled. */
    private static final int WARM_UP = 4_000;

    /** Fewer, where it is known what is enough: a step of a long sequence takes milliseconds. */
    private static final int SHORT_WARM_UP = 250;

    private static final int MEASURED = 20;
    private static final int ROUNDS = 40;
    /** After so many rounds without a change everything is compiled. */
    private static final int STEADY_ROUNDS = 6;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    static Runnable step(GptConfig config, int tokens) {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        int[] sequence = IntStream.rangeClosed(0, tokens)
                .map(i -> i % config.vocabSize())
                .toArray();
        Batch batch = Batch.forTraining(List.of(sequence));
        Tape tape = Tape.training();
        return () -> {
            tape.reset();
            tape.backward(tape.crossEntropy(gpt.forward(tape, batch), batch.targets()));
        };
    }

    /** The fewest of many measurements: the compiler's own objects and a garbage collection must not count. */
    static long steadyBytesAStep(Runnable step) {
        long fewest = Long.MAX_VALUE;
        int unchanged = 0;
        for (int round = 0; round < ROUNDS && unchanged < STEADY_ROUNDS; round++) {
            long bytes = bytesAfter(WARM_UP, step);
            unchanged = bytes < fewest ? 0 : unchanged + 1;
            fewest = Math.min(fewest, bytes);
        }
        return fewest;
    }

    /** Measures until it is as little as it has to be, or the steps of all rounds are over. */
    static long bytesAStep(Runnable step, long enough) {
        long fewest = Long.MAX_VALUE;
        for (int steps = 0; steps < ROUNDS * WARM_UP && fewest > enough; steps += SHORT_WARM_UP) {
            fewest = Math.min(fewest, bytesAfter(SHORT_WARM_UP, step));
        }
        return fewest;
    }

    private static long bytesAfter(int warmUp, Runnable step) {
        for (int i = 0; i < warmUp; i++) {
            step.run();
        }
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            step.run();
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
