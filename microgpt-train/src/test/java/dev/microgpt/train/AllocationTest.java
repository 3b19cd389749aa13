package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** After warm-up a step reuses all its arrays of numbers: what is new are small objects, a few for each operation. */
class AllocationTest {
    private static final int BYTES_AN_OP = 200;
    /** Vectors are objects until the loops that use them are compiled. */
    private static final int WARM_UP = 4_000;

    private static final int MEASURED = 20;
    private static final int ROUNDS = 40;
    /** After so many rounds without a change everything is compiled. */
    private static final int STEADY_ROUNDS = 6;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aStepOfMicrogptAllocatesAtMost200BytesAnOperation(TestReporter reporter) {
        GptConfig config = GptConfig.microgpt(27);
        long limit = (long) BYTES_AN_OP * operations(config);
        long bytes = bytesAStep(step(config, 8), limit);
        reporter.publishEntry("bytes a step, operations", bytes + ", " + operations(config));
        assertTrue(bytes <= limit, bytes + " bytes a step");
    }

    @Test
    void widerRowsAllocateNoMore(TestReporter reporter) {
        long narrow = steadyBytesAStep(step(new GptConfig(27, 1, 4, 16, 16), 8));
        // one row of 96 numbers would be 784 bytes
        long wide = bytesAStep(step(new GptConfig(27, 1, 4, 96, 16), 8), narrow + 511);
        reporter.publishEntry("bytes a step, 16 and 96 channels", narrow + ", " + wide);
        assertTrue(Math.abs(wide - narrow) < 512, narrow + " and " + wide + " bytes a step");
    }

    @Test
    void longerSequencesAllocateNoMoreThanTheirPositions(TestReporter reporter) {
        long oneToken = steadyBytesAStep(step(new GptConfig(27, 1, 1, 4, 256), 1));
        // 255 more positions are 1,020 bytes of int; a number for each of them would be 2,040 more
        long many = bytesAStep(step(new GptConfig(27, 1, 1, 4, 256), 256), oneToken + 1499);
        reporter.publishEntry("bytes a step, 1 and 256 tokens", oneToken + ", " + many);
        assertTrue(many - oneToken < 1500, oneToken + " and " + many + " bytes a step");
    }

    @Test
    void aWholeStepOfATrainingAllocatesLittleMore(TestReporter reporter) throws IOException {
        GptConfig config = GptConfig.microgpt(27);
        List<String> documents = MicrogptRun.bundledNames();
        MicrogptRun run = new MicrogptRun(documents, config, new TrainingConfig(100_000, 1, 1e-5, 0.85, 0.99, 1e-8, 1));
        int[] steps = new int[1];
        long tape = steadyBytesAStep(step(config, 8));
        long whole = bytesAStep(() -> run.trainer.run(++steps[0]), tape + 2000);
        reporter.publishEntry("bytes a step beside the tape's", Long.toString(whole - tape));
        assertTrue(whole - tape <= 2000, whole + " bytes a step, of which the tape " + tape);
    }

    /** Two tables, their sum and its norm; in each layer 12 operations; the head and the loss. */
    private static int operations(GptConfig config) {
        return 4 + 12 * config.nLayer() + 2;
    }

    private static Runnable step(GptConfig config, int tokens) {
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
    private long steadyBytesAStep(Runnable step) {
        long fewest = Long.MAX_VALUE;
        int unchanged = 0;
        for (int round = 0; round < ROUNDS && unchanged < STEADY_ROUNDS; round++) {
            long bytes = bytesAfterWarmUp(step);
            unchanged = bytes < fewest ? 0 : unchanged + 1;
            fewest = Math.min(fewest, bytes);
        }
        return fewest;
    }

    /** Measures until it is as little as it has to be, or the rounds are over. */
    private long bytesAStep(Runnable step, long enough) {
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && fewest > enough; round++) {
            fewest = Math.min(fewest, bytesAfterWarmUp(step));
        }
        return fewest;
    }

    private long bytesAfterWarmUp(Runnable step) {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            step.run();
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
