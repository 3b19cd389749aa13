package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** After warm-up a step reuses all its arrays of numbers: what is new are small objects, a few for each operation. */
class AllocationTest {
    private static final int BYTES_AN_OP = 200;

    @Test
    void aStepOfMicrogptAllocatesAtMost200BytesAnOperation(TestReporter reporter) {
        GptConfig config = GptConfig.microgpt(27);
        long limit = (long) BYTES_AN_OP * operations(config);
        long bytes = Allocations.bytesAStep(Allocations.step(config, 8), limit);
        reporter.publishEntry("bytes a step, operations", bytes + ", " + operations(config));
        assertTrue(bytes <= limit, bytes + " bytes a step");
    }

    @Test
    void longerSequencesAllocateNoMoreThanTheirPositions(TestReporter reporter) {
        long oneToken = Allocations.steadyBytesAStep(
                Allocations.step(GptConfig.microgpt(27).withSizes(1, 1, 4, 256), 1));
        // 255 more positions are 1,020 bytes of int; a number for each of them would be 2,040 more
        long many = Allocations.bytesAStep(
                Allocations.step(GptConfig.microgpt(27).withSizes(1, 1, 4, 256), 256), oneToken + 1499);
        reporter.publishEntry("bytes a step, 1 and 256 tokens", oneToken + ", " + many);
        assertTrue(many - oneToken < 1500, oneToken + " and " + many + " bytes a step");
    }

    @Test
    void aWholeStepOfATrainingAllocatesLittleMore(TestReporter reporter) throws IOException {
        GptConfig config = GptConfig.microgpt(27);
        List<String> documents = MicrogptRun.bundledNames();
        MicrogptRun run = new MicrogptRun(documents, config, new TrainingConfig(100_000, 1, 1e-5, 0.85, 0.99, 1e-8, 1));
        int[] steps = new int[1];
        long tape = Allocations.steadyBytesAStep(Allocations.step(config, 8));
        long whole = Allocations.bytesAStep(() -> run.trainer.run(++steps[0]), tape + 2000);
        reporter.publishEntry("bytes a step beside the tape's", Long.toString(whole - tape));
        assertTrue(whole - tape <= 2000, whole + " bytes a step, of which the tape " + tape);
    }

    /** Two tables, their sum and its norm; in each layer 12 operations; the head and the loss. */
    private static int operations(GptConfig config) {
        return 4 + 12 * config.nLayer() + 2;
    }
}
