package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingConfigTest {
    @Test
    void aTemperatureAloneLeavesOutNoToken() {
        SamplingConfig config = SamplingConfig.ofTemperature(0.7);
        assertEquals(new SamplingConfig(0.7, Integer.MAX_VALUE, 1), config);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void temperaturesOutOfRangeAreRefused(double temperature) {
        assertRefused(
                "temperature is " + temperature + ", but must be 0 (always the most likely token) or more",
                temperature,
                1,
                1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aTopKBelowOneIsRefused(int topK) {
        assertRefused("top-k is " + topK + ", but must be 1 (the most likely token) or more", 1, topK, 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -0.5, 1.0000000000000002, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void aTopPOutOfRangeIsRefused(double topP) {
        assertRefused("top-p is " + topP + ", but must be above 0 and at most 1 (all tokens)", 1, 1, topP);
    }

    private static void assertRefused(String message, double temperature, int topK, double topP) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new SamplingConfig(temperature, topK, topP));
        assertEquals(message, e.getMessage());
    }
}
