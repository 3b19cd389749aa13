package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.random.PythonRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** After the first token, sampling allocates nothing. */
class SamplerMemoryTest {
    private static final int ROUNDS = 60;
    private static final int TOKENS = 500;
    private static final int VOCABULARY = 300;

    /** In bytes. Below this limit is the measurement itself, which allocates a little each time. */
    private static final int SMALLEST_OBJECT = 16;

    @Test
    void aTokenAllocatesNothing(TestReporter reporter) throws ReflectiveOperationException {
        Sampler sampler = new Sampler(new SamplingConfig(0.8, 40, 0.9));
        PythonRandom random = new PythonRandom(1);
        double[] logits = new Random(1).doubles(VOCABULARY, -3, 3).toArray();
        double bytes = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS && bytes >= SMALLEST_OBJECT; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < TOKENS; i++) {
                sampler.next(logits, 0, VOCABULARY, random);
            }
            bytes = Math.min(bytes, (double) (allocatedBytes() - before) / TOKENS);
        }
        reporter.publishEntry("allocated", bytes + " bytes a token");
        assertTrue(bytes < SMALLEST_OBJECT, bytes + " bytes a token");
    }

    /**
     * Calls {@code com.sun.management.ThreadMXBean} by name, because the module under test does not read its module.
     */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(threads, Thread.currentThread().getId());
    }
}
