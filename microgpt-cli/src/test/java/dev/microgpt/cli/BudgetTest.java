package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --budget}: what it chooses is a run like any other, which its options repeat. */
class BudgetTest {
    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    private Run budget(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--out", out.toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    /** The last words of the line that begins with the program's name. */
    private static String[] printedCommand(Run run) {
        for (String line : run.err().split("\n")) {
            if (line.startsWith("    microgpt train ")) {
                return line.strip().substring("microgpt ".length()).split(" ");
            }
        }
        throw new AssertionError(run.err());
    }

    /** Little data, so the run is short, and no model but the smallest is measured. */
    @Test
    void thePrintedCommandMakesTheSameBytes() throws IOException {
        Run run = budget("--budget", "10s", "--preset", "llama", "--num-samples", "0", "--seed=7");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        String[] command = printedCommand(run);
        assertFalse(Arrays.asList(command).contains("--budget"), run.err());
        assertTrue(Arrays.asList(command).containsAll(List.of("--preset", "llama", "--seed=7")), run.err());
        Path repeated = folder.resolve("repeated");
        command[Arrays.asList(command).indexOf(out.toString())] = repeated.toString();
        Run again = Run.of(command);
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertFalse(again.err().contains("measuring"), again.err());
        for (String file : List.of("checkpoint.safetensors", "best.safetensors")) {
            assertArrayEquals(Files.readAllBytes(out.resolve(file)), Files.readAllBytes(repeated.resolve(file)), file);
        }
        assertTrue(run.err().contains("after 16 passes over the same data"), run.err());
        assertRefusedUnchanged(ExitCode.FOLDER_IN_USE, "already has another run", "--budget", "10s");
    }

    @Test
    void whatIsGivenIsKept() throws IOException {
        String[] given = {"--n-embd", "8", "--n-head", "2", "--n-layer", "1", "--block-size", "8", "--batch-size", "5"};
        List<String> args = new ArrayList<>(List.of("--budget=10s", "--learning-rate", "0.02", "--num-samples", "0"));
        args.addAll(List.of(given));
        Run run = budget(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        Map<String, String> info = SmallTraining.info(out);
        for (int i = 0; i < given.length; i += 2) {
            String name = given[i].substring(2).replace('-', '_');
            assertEquals(given[i + 1], info.get(name), info.toString());
            assertEquals(
                    1,
                    Arrays.asList(printedCommand(run)).stream()
                            .filter(given[i]::equals)
                            .count(),
                    run.err());
        }
        assertEquals("0.02", info.get("learning_rate"), info.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--budget and --steps cannot be used together; --budget 10s --steps 5",
                "--budget and --resume cannot be used together; --budget 10s --resume",
                "--budget and --init-from cannot be used together; --budget 10s --init-from other",
                "--budget chooses among sizes of the model gpt; --budget 10s --model com.example.Other",
                "--budget must be a time of at least 10s; --budget 9s",
                "--budget must be a time of at least 10s; --budget 30",
                "--budget must be a time of at least 10s; --budget 1.5h",
                "--budget must be a time of at least 10s; --budget=",
                "n_head 3; --budget 10s --n-head 3 --n-embd 32"
            })
    void contradictionsAreRefused(String message, String options) throws IOException {
        assertRefusedUnchanged(ExitCode.USAGE, message.replace("n_head", "--n-head"), options.split(" "));
    }

    private void assertRefusedUnchanged(int exitCode, String message, String... options) throws IOException {
        Snapshot before = Snapshot.of(folder);
        Run run = budget(options);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(run.err().contains("measuring"), run.err());
        assertEquals(before, Snapshot.of(folder));
    }
}
