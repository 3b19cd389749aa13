package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "1259.4, '1,259'",
        "511181.6, '511,182'",
        "100, 100",
        "48.94, 48.9",
        "1.6, 1.60",
        "0.277, 0.277",
        "0.03712, 0.0371",
        "0, 0.000000"
    })
    void threeDigitsAreSignificant(double value, String text) {
        assertEquals(text, Figures.three(value));
    }

    @Test
    void errorHasTheDecimalsOfTheValue() {
        assertEquals("1,259 ± 124", new Measured(1259.4, 123.6).toString());
        assertEquals("48.9 ± 4.5", new Measured(48.94, 4.46).toString());
        assertEquals("2.00", new Measured(2, Double.NaN).toString());
    }

    @Test
    void rateHasTheRelativeErrorOfTheTime() {
        assertEquals(new Measured(50, 5), new Measured(2, 0.2).under(100));
    }
}
