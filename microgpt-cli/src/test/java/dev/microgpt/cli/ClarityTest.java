package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad message looks like, which the judge of messages must not let pass. */
class ClarityTest {
    private static final CatalogueCase CASE = CatalogueCase.refused(2, "train --steps 0", "--steps", "\"0\"");
    private static final String GOOD =
            "microgpt: --steps must be an integer of at least 1, but is \"0\"\nhint: try 1\n";

    @TempDir
    Path folder;

    @Test
    void aGoodMessagePasses() {
        assertEquals(List.of(), complaints(2, "", GOOD));
    }

    @Test
    void theExitCodeMatters() {
        assertComplaint("the exit code is 1, not 2", 1, "", GOOD);
        assertComplaint("the exit code is 0, not 2", 0, "", GOOD);
    }

    @Test
    void theOffendingThingIsToBeNamed() {
        assertComplaint("does not show: --steps", 2, "", GOOD.replace("--steps", "an option"));
        assertComplaint("does not show: \"0\"", 2, "", GOOD.replace("\"0\"", "something"));
    }

    @Test
    void foundAndExpectedAreToBeShown() {
        assertComplaint("what was found", 2, "", "microgpt: --steps \"0\" expected more\n");
        assertComplaint("what was expected", 2, "", "microgpt: --steps: found \"0\"\n");
        assertComplaint("what was found", 2, "", "microgpt: --steps must be more than \"0\"\n");
        assertComplaint("what was expected", 2, "", "microgpt: --steps is \"0\"\n");
    }

    @Test
    void stackTracesAndTheNamesOfExceptionsAreNone() {
        String exceptions = "exceptions";
        assertComplaint(exceptions, 2, "", GOOD + "\tat dev.microgpt.cli.Main.main(Main.java:20)\n");
        assertComplaint(exceptions, 2, "", GOOD + "    at dev.microgpt.cli.Main.main(Main.java:20)\n");
        assertComplaint(exceptions, 2, "", GOOD.replace("--steps", "NumberFormatException: --steps"));
    }

    @Test
    void threeLinesAreEnough() {
        assertEquals(List.of(), complaints(2, "", GOOD + "3\n"));
        assertComplaint("4 lines", 2, "", GOOD + "3\n4\n");
    }

    @Test
    void standardOutputIsForResults() {
        assertComplaint("standard output is not empty", 2, "num docs: 3\n", GOOD);
    }

    @Test
    void controlCharactersCannotPass() {
        assertComplaint("steer a terminal", 2, "", GOOD.replace("try", "\u001B[31mtry"));
        assertComplaint("steer a terminal", 2, "", GOOD.replace("try", "t\ry"));
    }

    @Test
    void numbersOfALocaleCannotPass() {
        String locale = "a number of the locale";
        assertComplaint(locale, 2, "", GOOD.replace("try 1", "try \u0661"));
        assertComplaint(locale, 2, "", GOOD.replace("try 1", "try 0,5"));
        assertComplaint("a character was lost", 2, "", GOOD.replace("try", "tr\uFFFD"));
    }

    @Test
    void itMustNotTakeForever() {
        Outcome slow = new Outcome(2, "", GOOD, List.of(), 20.5);
        assertEquals(List.of("it took 20.5 s"), Clarity.complaints(CASE, slow));
    }

    @Test
    void whateverChangesInTheFolderIsSeen() throws IOException {
        Path file = Files.writeString(folder.resolve("kept"), "as it was");
        Files.writeString(folder.resolve("removed"), "");
        Snapshot before = Snapshot.of(folder);
        assertEquals(List.of(), before.changesTo(Snapshot.of(folder)));
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "as it iz?");
        Files.setLastModifiedTime(file, time);
        Files.delete(folder.resolve("removed"));
        Files.createDirectory(folder.resolve("made"));
        List<String> changes = before.changesTo(Snapshot.of(folder));
        assertTrue(changes.toString().contains("\"kept\": was "), changes.toString());
        assertTrue(changes.toString().contains("\"removed\": was "), changes.toString());
        assertTrue(changes.toString().contains("\"made\": was nothing"), changes.toString());
        List<String> complaints = Clarity.complaints(CASE, new Outcome(2, "", GOOD, changes, 0));
        assertTrue(complaints.toString().contains("it left behind"), complaints.toString());
    }

    private static List<String> complaints(int exitCode, String out, String err) {
        return Clarity.complaints(CASE, new Outcome(exitCode, out, err, List.of(), 0.3));
    }

    private static void assertComplaint(String complaint, int exitCode, String out, String err) {
        List<String> complaints = complaints(exitCode, out, err);
        assertTrue(complaints.toString().contains(complaint), complaints.toString());
    }
}
