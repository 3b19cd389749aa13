package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    /** The quote character of this list is {@code !}. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '!',
            value = {
                ".\\microgpt.cmd, .\\microgpt.cmd, '.\\microgpt.cmd'",
                "my text.txt, \"my text.txt\", 'my text.txt'",
                "a dir\\, \"a dir\\\\\", 'a dir\\'",
                "it's, \"it's\", 'it'\\''s'",
                "a\"b\\\"c\\d e, \"a\\\"b\\\\\\\"c\\d e\", 'a\"b\\\"c\\d e'",
                "!!, \"\", ''",
            })
    void anArgumentIsQuotedForTheShell(String arg, String cmd, String posix) {
        assertEquals(cmd, Format.quotedForShell(arg, true));
        assertEquals(posix, Format.quotedForShell(arg, false));
    }

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

    @ParameterizedTest
    @CsvSource({
        "0.001, 1.00e-3",
        "0.0099951, 1.00e-2",
        "0.00029999, 3.00e-4",
        "1, 1.00e0",
        "0.5, 5.00e-1",
        "123456, 1.23e5",
        "999600, 1.00e6",
        "-0.25, -2.50e-1",
        "0, 0.00e0",
        "4.9e-324, 4.94e-324",
        "1e300, 1.00e300"
    })
    void scientificHasThreeDigits(double number, String expected) {
        assertEquals(expected, Format.scientific(number));
    }

    @ParameterizedTest
    @CsvSource({"1.88124, 1.88", "999999.5, 999999.50", "1e6, 1.00e6", "-1e9, -1.00e9", "Infinity, Infinity", "NaN, NaN"
    })
    void readableIsShortForEveryNumber(double number, String expected) {
        assertEquals(expected, Format.readable(number, 2));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, '1,000'", "12345678, '12,345,678'", "100000, '100,000'"})
    void groupedSeparatesThousands(long number, String expected) {
        assertEquals(expected, Format.grouped(number));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "0.49, 0 s",
        "19.4, 19 s",
        "21, 20 s",
        "43, 45 s",
        "58, 1 min",
        "62, 1 min",
        "199, 3 min 20 s",
        "597, 10 min",
        "1501, 25 min",
        "3580, 1 h",
        "3900, 1 h 5 min",
        "7260, 2 h",
        "35950, 10 h",
        "86400, 1 d",
        "100000, 1 d 4 h",
        "1000000, 11 d 14 h"
    })
    void aDurationIsCoarserTheLongerItIs(double seconds, String expected) {
        assertEquals(expected, Format.duration(seconds));
    }
}
