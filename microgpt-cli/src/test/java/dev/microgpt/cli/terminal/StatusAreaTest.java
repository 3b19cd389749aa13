package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusAreaTest {
    @TempDir
    Path folder;

    @Test
    void noColorForbidsColoursUnlessItIsEmpty() {
        assertTrue(of(Map.of()).colours());
        assertTrue(of(Map.of("NO_COLOR", "")).colours());
        assertFalse(of(Map.of("NO_COLOR", "1")).colours());
        assertFalse(of(Map.of("NO_COLOR", "0")).colours());
    }

    @Test
    void aTerminalThatOnlyKnowsLinesGetsLines() {
        assertTrue(StatusArea.canRewrite(Map.of("TERM", "xterm-256color")));
        assertFalse(StatusArea.canRewrite(Map.of("TERM", "dumb")));
        assertFalse(StatusArea.canRewrite(Map.of("TERM", "")));
        assertFalse(StatusArea.canRewrite(Map.of()));
    }

    @Test
    void columnsAreAsTheUserSays() {
        assertEquals(57, of(Map.of("COLUMNS", "57")).columns().getAsInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-5", "wide", "99999999999"})
    void columnsThatCannotBeAreIgnored(String columns) {
        assertEquals(
                TerminalColumns.USUAL, of(Map.of("COLUMNS", columns)).columns().getAsInt());
    }

    @ParameterizedTest
    @CsvSource({"24 80, 80", "50 200, 200", "0 0, 0", "80, 80", "stty: bad, 0", "'', 0", ", 0"})
    void theSecondNumberOfASizeAreTheColumns(String size, int expected) {
        assertEquals(expected, TerminalColumns.columnsIn(size));
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/pts/0, true",
        "/dev/tty, true",
        "/dev/ttyS0, true",
        "/dev/console, true",
        "/dev/null, false",
        "/dev/ptmx, false",
        "pipe:[4711], false",
        "/home/dev/tty1, false"
    })
    void linuxNamesItsTerminals(String name, boolean expected) {
        assertEquals(expected, TerminalDevice.isTerminal(name));
    }

    @Test
    void aProgramThatDoesNotExistAnswersNothing() {
        assertNull(ProgramOutput.firstLine(
                new ProcessBuilder(folder.resolve("missing").toString())));
    }

    @Test
    void aProgramThatFailsAnswersNothing() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertNull(ProgramOutput.firstLine(new ProcessBuilder(java, "--no-such-option").redirectErrorStream(true)));
    }

    private StatusArea of(Map<String, String> environment) {
        // a file that is none, so that stty fails
        return StatusArea.of(folder.resolve("missing"), environment);
    }
}
