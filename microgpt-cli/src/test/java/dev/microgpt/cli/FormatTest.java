package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    /** What Python 3.11 prints for {@code f"{number:.4f}"}; the third and fourth lie below and above a tie. */
    @ParameterizedTest
    @CsvSource({
        "3.40048653348905, 3.4005",
        "0, 0.0000",
        "2.00005, 2.0000",
        "2.00015, 2.0002",
        "0.03125, 0.0312",
        "0.09375, 0.0938",
        "-1.5, -1.5000",
        "1e22, 10000000000000000000000.0000"
    })
    void fixedIsPythonsFormat(double number, String expected) {
        assertEquals(expected, Format.fixed(number, 4));
    }

    @Test
    void paddedFillsUpAndNeverCuts() {
        assertEquals("   7", Format.padded(7, 4));
        assertEquals("12345", Format.padded(12345, 4));
    }
}
