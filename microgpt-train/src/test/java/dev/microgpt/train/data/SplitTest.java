package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.train.data.read.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @ParameterizedTest
    @CsvSource({
        "1115394, 0.1, 1003854", // nanoGPT prints "train has 1,003,854 tokens" and "val has 111,540 tokens"
        "1115394, 0, 1115394",
        "10, 0.2, 8",
        "100, 0.9, 10", // in floating point 100 * (1 - 0.9) is 9.999999999999998
        "100, 0.7, 30",
        "2000, 0.001, 1998",
        "1000000000000, 0.000000001, 999999999000"
    })
    void theFirstCharactersAreForTrainingRoundedDown(long characters, double valFraction, long training)
            throws DataException {
        Split expected = new Split(training, characters - training);
        assertEquals(expected, Split.of(characters, valFraction));
        assertEquals(expected, Split.ofText(characters, valFraction, "a.txt"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoFractionIsRefused(double valFraction) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Split.of(100, valFraction));
        assertEquals("validation fraction is " + valFraction + ", but must be at least 0 and below 1", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"10, 0.1, 9, 1", "10, 0.9, 1, 9", "1, 0.5, 0, 1", "3, 0.00001, 2, 1"})
    void aPartOfLessThanTwoCharactersIsRefused(long characters, double valFraction, long training, long validation) {
        DataException e = assertThrows(DataException.class, () -> Split.ofText(characters, valFraction, "a.txt"));
        assertEquals(
                "data a.txt: the text has " + characters + " characters, " + training + " for training and "
                        + validation
                        + " for validation at a fraction of " + valFraction
                        + "; each split must have at least 2, or the fraction must be 0",
                e.getMessage());
    }

    @Test
    void theWholeTextMayBeForTraining() throws DataException {
        assertEquals(new Split(2, 0), Split.ofText(2, 0, "a.txt"));
        assertEquals(new Split(1, 0), Split.ofText(1, 0, "a.txt"));
    }
}
