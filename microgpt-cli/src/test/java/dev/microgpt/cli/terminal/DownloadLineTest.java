package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DownloadLineTest {
    private static final long MILLI = 1_000_000;

    private final FakeTerminal shown = new FakeTerminal(200);
    private final Terminal terminal = new Terminal(OutputStream.nullOutputStream(), shown);
    private int columns = 80;
    private long now;

    private DownloadLine onTerminal() {
        return new DownloadLine(terminal, "names.txt", new StatusArea(() -> columns, true, true), () -> now);
    }

    @Test
    void theLineIsRewrittenInPlace() {
        DownloadLine line = onTerminal();
        line.show(0, 228_145);
        assertEquals(List.of("names.txt | 0% | 0 / 228,145 bytes"), shown.rows());
        now += 100 * MILLI;
        line.show(131_072, 228_145);
        assertEquals(List.of("names.txt | 57% | 131,072 / 228,145 bytes"), shown.rows());
        line.close();
        assertEquals(List.of(""), shown.rows());
    }

    @Test
    void itIsDrawnAtMostTenTimesASecond() {
        DownloadLine line = onTerminal();
        line.show(1, 100);
        now += 99 * MILLI;
        line.show(50, 100);
        assertEquals(List.of("names.txt | 1% | 1 / 100 bytes"), shown.rows());
        now += MILLI;
        line.show(100, 100);
        assertEquals(List.of("names.txt | 100% | 100 / 100 bytes"), shown.rows());
    }

    @Test
    void aLengthThatNobodyToldIsNotShown() {
        onTerminal().show(131_072, DownloadLine.UNKNOWN);
        assertEquals(List.of("names.txt | 131,072 bytes"), shown.rows());
    }

    @Test
    void anEmptyFileHasNoPercentage() {
        onTerminal().show(0, 0);
        assertEquals(List.of("names.txt | 0 bytes"), shown.rows());
    }

    @Test
    void aNarrowTerminalGetsLess() {
        DownloadLine line = onTerminal();
        String[] expected = {"names.txt | 57% | 131,072 / 228,145 bytes", "57% | 131,072 / 228,145 bytes", "57%", ""};
        int[] widths = {42, 41, 29, 3};
        for (int i = 0; i < widths.length; i++) {
            columns = widths[i];
            line.show(131_072, 228_145);
            assertEquals(List.of(expected[i]), shown.rows());
            now += 100 * MILLI;
        }
    }

    @Test
    void nothingIsShownElsewhereThanOnATerminal() {
        DownloadLine line = new DownloadLine(terminal, "names.txt", null, () -> now);
        line.show(1, 100);
        line.close();
        assertEquals("", shown.received());
    }
}
