package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static final OutputStream CLOSED = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
        }
    };

    private final FakeTerminal screen = new FakeTerminal(40);
    private final Terminal terminal = new Terminal(screen, screen);

    @Test
    void aPinnedLineStaysBelowWhateverIsWritten() {
        terminal.pin("one");
        assertEquals(List.of("one"), screen.rows());
        terminal.print("result");
        assertEquals(List.of("result", "one"), screen.rows());
        terminal.say("talk");
        terminal.note("note");
        terminal.complain("error");
        assertEquals(List.of("result", "microgpt: talk", "note", "error", "one"), screen.rows());
    }

    @Test
    void aPinnedLineIsReplacedAndLeavesNothing() {
        terminal.pin("a long line");
        terminal.pin("short");
        assertEquals(List.of("short"), screen.rows());
        terminal.pin("");
        assertEquals(List.of(""), screen.rows());
        terminal.print("result");
        assertEquals(List.of("result", ""), screen.rows());
    }

    @Test
    void aLineThatIsTooLongNowIsCut() {
        terminal.pin("x".repeat(50));
        assertEquals(List.of("x".repeat(40)), screen.rows());
        terminal.print("y".repeat(50));
        assertEquals("y".repeat(10), screen.rows().get(1), "other lines wrap as always");
    }

    @Test
    void withoutAPinnedLineThereAreNoControlCharacters() {
        terminal.pin("");
        terminal.print("result");
        terminal.say("talk");
        terminal.complain("error");
        assertEquals("result\nmicrogpt: talk\nerror\n", screen.received());
    }

    @Test
    void onceUnpinnedNothingIsPinnedAnyMore() {
        terminal.pin("one");
        terminal.unpin();
        terminal.note("note");
        terminal.pin("two");
        assertEquals(List.of("note", ""), screen.rows());
        terminal.unpin();
        assertEquals(List.of("note", ""), screen.rows());
    }

    @Test
    void aQuietTerminalPinsNothing() {
        terminal.beQuiet();
        terminal.pin("one");
        terminal.note("note");
        assertEquals("", screen.received());
    }

    @Test
    void nothingIsPinnedWhereNobodyListens() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal deaf = new Terminal(out, CLOSED);
        deaf.pin("one");
        assertTrue(deaf.isQuiet());
        deaf.print("result");
        assertEquals("result\n", out.toString());
    }

    @Test
    void aResultThatCannotBeWrittenIsAnErrorBesideAPinnedLineToo() {
        Terminal full = new Terminal(CLOSED, screen);
        full.pin("one");
        assertThrows(UncheckedIOException.class, () -> full.print("result"));
        full.complain("error");
        assertEquals(List.of("error", "one"), screen.rows());
    }

    @Test
    void partsOfALineOfResultsAreWrittenAsTheyCome() {
        terminal.printPart("an");
        assertEquals("an", screen.received());
        terminal.printPart("");
        terminal.printPart("na");
        terminal.print("!");
        assertEquals("anna!\n", screen.received());
        terminal.complain("error");
        assertEquals("anna!\nerror\n", screen.received());
    }

    @Test
    void aMessageDoesNotFollowHalfALineOfResults() {
        terminal.printPart("an");
        terminal.complain("error");
        terminal.complain("hint");
        assertEquals("an\nerror\nhint\n", screen.received());
    }

    @Test
    void aPartThatCannotBeWrittenIsAnErrorThatCanBeTold() {
        Terminal full = new Terminal(CLOSED, screen);
        assertThrows(UncheckedIOException.class, () -> full.printPart("result"));
        full.complain("error");
        assertEquals("error\n", screen.received());
    }
}
