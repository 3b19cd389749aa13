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
import java.util.Collections;
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

    /** The words after the program's name. */
    private static List<String> printedCommand(Run run) {
        for (String line : run.err().split("\n")) {
            if (line.startsWith("    microgpt train ")) {
                return List.of(line.strip().substring("microgpt ".length()).split(" "));
            }
        }
        throw new AssertionError(run.err());
    }

    /** Little data, so the run is short, and no model but the smallest is measured. */
    @Test
    void thePrintedCommandMakesTheSameBytesAndKeepsWhatIsGiven() throws IOException {
        String[] given = {"--n-layer", "2", "--block-size", "8", "--batch-size", "5", "--weight-decay", "0.02"};
        List<String> options = new ArrayList<>(List.of("--budget", "30s", "--preset", "llama", "--seed=7"));
        options.addAll(List.of("--num-samples", "0"));
        options.addAll(List.of(given));
        Run run = budget(options.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> command = new ArrayList<>(printedCommand(run));
        assertFalse(command.contains("--budget"), run.err());
        assertTrue(command.containsAll(List.of("--preset", "llama", "--seed=7")), run.err());
        assertTrue(command.containsAll(List.of("--learning-rate", "0.003", "--min-lr", "3.0E-4")), run.err());
        Map<String, String> info = SmallTraining.info(out);
        for (int i = 0; i < given.length; i += 2) {
            String name = given[i].substring(2).replace('-', '_');
            assertEquals(given[i + 1], info.get(name), info.toString());
            assertEquals(1, Collections.frequency(command, given[i]), run.err());
        }
        Path repeated = folder.resolve("repeated");
        command.set(command.indexOf(out.toString()), repeated.toString());
        Run again = Run.of(command.toArray(new String[0]));
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertFalse(again.err().contains("measuring"), again.err());
        for (String file : List.of("checkpoint.safetensors", "best.safetensors")) {
            assertArrayEquals(Files.readAllBytes(out.resolve(file)), Files.readAllBytes(repeated.resolve(file)), file);
        }
        assertTrue(run.err().contains("after 16 passes over the same data"), run.err());
        assertRefusedUnchanged(ExitCode.FOLDER_IN_USE, "already has another run", "--budget", "30s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--budget and --steps cannot be used together; --budget 30s --steps 5",
                "--budget and --resume cannot be used together; --budget 30s --resume",
                "--budget and --init-from cannot be used together; --budget 30s --init-from other",
                "--budget chooses among sizes of the model gpt; --budget 30s --model com.example.Other",
                "--budget must be a time of at least 30s; --budget 29s",
                "--budget must be a time of at least 30s; --budget 30",
                "--budget must be a time of at least 30s; --budget 1.5h",
                "--budget must be a time of at least 30s; --budget=",
                "n_head 3; --budget 30s --n-head 3 --n-embd 32"
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
