package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which data is too small, as {@code train} says before its first step. */
class DataNotesTest {
    @TempDir
    Path folder;

    private List<String> notes(String text, String options) throws IOException {
        Path data = Files.writeString(folder.resolve("data.txt"), text);
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--num-samples", "0"));
        args.addAll(List.of("--out", folder.resolve("out").toString(), "--overwrite"));
        args.addAll(List.of(options.split(" ")));
        Run run = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run.err()
                .lines()
                .filter(line -> line.startsWith("microgpt: note: ") && !line.contains("warm-up"))
                .map(line -> line.substring("microgpt: note: ".length()))
                .toList();
    }

    /** A text of 90 + 10 characters, of which 360 crops of 4 tokens are 16 passes. */
    @ParameterizedTest
    @CsvSource({"360, 4, 0", "361, 4, 1", "361, 1, 0"})
    void aTextThatIsSeenOftenByALargeModelIsNoted(int steps, int channels, int expected) throws IOException {
        List<String> notes = notes(
                "abcdefghij".repeat(10),
                "--preset nano --block-size 4 --batch-size 1 --n-layer 1 --n-head 1 --n-embd " + channels + " --steps "
                        + steps);
        assertEquals(expected, notes.size(), notes.toString());
    }

    @Test
    void theNoteSaysTheNumbersAndTheRepair() throws IOException {
        List<String> notes = notes(
                "abcdefghij".repeat(10),
                "--preset nano --block-size 4 --batch-size 1 --n-layer 1 --n-head 1 --n-embd 4 --steps 450");
        assertEquals(
                List.of("there are 90 training tokens for a model of 264 parameters, which sees each of them 20 times"
                        + " and may learn them by heart; provide more data, or lower --steps or the size of"
                        + " the model"),
                notes);
    }

    @Test
    void documentsAreCountedAsFarAsTheyFit() throws IOException {
        List<String> notes = notes("emma\nolivia\n", "--steps 40 --n-embd 4 --block-size 6");
        // 5 tokens of emma, and 6 of the 7 of olivia
        assertTrue(notes.get(notes.size() - 1).startsWith("there are 11 training tokens for a model of "), notes + "");
        assertTrue(notes.get(notes.size() - 1).contains(" which sees each of them 20 times "), notes + "");
    }

    @Test
    void aValidationSplitShorterThanABlockIsNoted() throws IOException {
        String options = "--preset nano --batch-size 1 --n-layer 1 --n-head 1 --n-embd 4 --steps 2 --block-size ";
        assertEquals(List.of(), notes("abcdefghij".repeat(10), options + 9));
        assertEquals(
                List.of("the validation split has 9 tokens to predict, less than a block of 10, so its loss says"
                        + " little; raise --val-fraction, or provide more data"),
                notes("abcdefghij".repeat(10), options + 10));
    }

    @Test
    void theDefaultRunHasNoNote() {
        Run run = Run.of(
                "train",
                "--steps",
                "1",
                "--num-samples",
                "0",
                "--out",
                folder.resolve("out").toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(!run.err().contains("note:"), run.err());
    }
}
