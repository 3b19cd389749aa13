package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparklineTest {
    private static final double[] FALLING = {8, 7, 6, 5, 4, 3, 2, 1};

    @Test
    void heightsStandForValues() {
        assertEquals("█▇▆▅▄▃▂▁", Sparkline.of(FALLING, 8, true));
        assertEquals("#*+=-:._", Sparkline.of(FALLING, 80, false), "no wider than there are values");
    }

    @Test
    void aNarrowCurveIsOfMeans() {
        assertEquals("█▁", Sparkline.of(FALLING, 2, true));
        assertEquals("#-_", Sparkline.of(new double[] {3, 3, 1.8, 1.9, 1, 1, 1}, 3, false));
    }

    @Test
    void valuesThatAreAllTheSameAreLow() {
        assertEquals("▁▁", Sparkline.of(new double[] {2, 2}, 5, true));
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8, xterm-256color, true",
        "UTF-8, '', true",
        "ANSI_X3.4-1968, xterm, false",
        "Cp1252, '', false",
        "UTF-8, dumb, false",
        "UTF-8, linux, false",
        "UTF-8, vt100, false"
    })
    void blocksNeedALocaleAndATerminalThatHaveThem(String charset, String term, boolean expected) {
        assertEquals(expected, Sparkline.canShowBlocks(charset, term.isEmpty() ? Map.of() : Map.of("TERM", term)));
    }
}
