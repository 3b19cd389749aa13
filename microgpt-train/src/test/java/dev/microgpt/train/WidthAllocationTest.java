package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Apart from {@link AllocationTest}, so that the build can run both at once. */
class WidthAllocationTest {
    @Test
    void widerRowsAllocateNoMore(TestReporter reporter) {
        long narrow = Allocations.steadyBytesAStep(
                Allocations.step(GptConfig.microgpt(27).withSizes(1, 4, 16, 16), 8));
        // one row of 96 numbers would be 784 bytes
        long wide = Allocations.bytesAStep(
                Allocations.step(GptConfig.microgpt(27).withSizes(1, 4, 96, 16), 8), narrow + 511);
        reporter.publishEntry("bytes a step, 16 and 96 channels", narrow + ", " + wide);
        assertTrue(Math.abs(wide - narrow) < 512, narrow + " and " + wide + " bytes a step");
    }
}
