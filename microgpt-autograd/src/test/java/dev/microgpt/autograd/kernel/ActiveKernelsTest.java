package dev.microgpt.autograd.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveKernelsTest {
    @Test
    void scalarKernelsAreThereForTheAsking() {
        assertEquals("scalar", ActiveKernels.choose("scalar", "1").description());
    }

    /** The build adds the module to the tests. */
    @Test
    void vectorKernelsAreTheChoiceWhereTheirModuleIs() {
        assertTrue(ActiveKernels.choose("auto", "1").description().endsWith("-bit vector"));
        assertTrue(ActiveKernels.choose("vector", "1").description().endsWith("-bit vector"));
    }

    @Test
    void threadsAreOneForEachProcessorUnlessSaid() {
        assertEquals(
                Runtime.getRuntime().availableProcessors(),
                ActiveKernels.choose("auto", null).threads());
        assertEquals(1, ActiveKernels.choose("auto", "1").threads());
        assertEquals(7, ActiveKernels.choose("auto", "7").threads());
    }

    @Test
    void kindThatDoesNotExistIsRefused() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ActiveKernels.choose("fast", "1"));
        assertEquals("-Dmicrogpt.kernels=fast is unknown; it must be auto, scalar or vector", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "two", "1.5", "100000", "٣", " 2"})
    void numberOfThreadsThatIsNoneIsRefused(String threads) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ActiveKernels.choose("auto", threads));
        assertEquals(
                "-Dmicrogpt.threads=" + threads + " is not a number of threads; it must be from 1 to 99999",
                refusal.getMessage());
    }
}
