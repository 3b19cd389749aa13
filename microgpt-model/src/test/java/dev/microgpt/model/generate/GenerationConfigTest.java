package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GenerationConfigTest {
    private static final SamplingConfig SAMPLING = SamplingConfig.ofTemperature(0.5);
    private static final int NO_LIMIT = GenerationConfig.NO_LIMIT;

    @Test
    void settingsAreChangedOneByOne() {
        GenerationConfig config = GenerationConfig.of(SAMPLING)
                .withMaxNewTokens(7)
                .withMaxCharacters(8)
                .withStop("a", "b")
                .withBeyondBlock(BeyondBlock.SLIDE);
        assertEquals(new GenerationConfig(SAMPLING, 7, 8, List.of("a", "b"), BeyondBlock.SLIDE), config);
        assertEquals(
                new GenerationConfig(SAMPLING, NO_LIMIT, NO_LIMIT, List.of(), BeyondBlock.SLIDE),
                config.withStop().withMaxNewTokens(NO_LIMIT).withMaxCharacters(NO_LIMIT));
        assertNull(GenerationConfig.of(SAMPLING).beyondBlock());
    }

    @Test
    void eitherLimitIsOne() {
        GenerationConfig none = GenerationConfig.of(SAMPLING);
        assertFalse(none.withStop("a").isLimited());
        assertTrue(none.withMaxNewTokens(1).isLimited());
        assertTrue(none.withMaxCharacters(1).isLimited());
    }

    @Test
    void stopStringsAreCopied() {
        List<String> stop = new ArrayList<>(List.of("a"));
        GenerationConfig config = new GenerationConfig(SAMPLING, 1, 1, stop, BeyondBlock.SLIDE);
        stop.clear();
        assertEquals(List.of("a"), config.stop());
    }

    @Test
    void limitsAndStopStringsThatEndNothingAreRefused() {
        GenerationConfig config = GenerationConfig.of(SAMPLING);
        assertRefused("max new tokens is 0, but must be at least 1", () -> config.withMaxNewTokens(0));
        assertRefused("max characters is -1, but must be at least 1", () -> config.withMaxCharacters(-1));
        assertRefused("stop string 1 is empty; it must have at least one character", () -> config.withStop("a", ""));
    }

    private static void assertRefused(String message, Executable misuse) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }
}
