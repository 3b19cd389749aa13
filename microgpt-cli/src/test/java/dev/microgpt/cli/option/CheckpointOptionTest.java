package dev.microgpt.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that reads a checkpoint takes it with {@code --checkpoint} and without. */
class CheckpointOptionTest {
    @TempDir
    static Path folder;

    private static String model;

    @BeforeAll
    static void train() {
        model = folder.resolve("out").toString();
        Run run = Run.of("train", "--steps", "1", "--num-samples", "0", "--out", model);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    private static Run run(String line, String... checkpoint) {
        List<String> args = new ArrayList<>(List.of(line.split(" ")));
        args.addAll(List.of(checkpoint));
        return Run.of(args.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "sample --num-samples 2", "eval --text anna"})
    void theCheckpointIsNamedWithTheOptionOrWithout(String line) {
        Run with = run(line, "--checkpoint", model);
        assertEquals(ExitCode.DONE, with.exitCode(), with.err());
        assertEquals(with, run(line, model));
        Run twice = run(line, model, "--checkpoint", model);
        assertEquals(ExitCode.USAGE, twice.exitCode());
        assertEquals(
                "microgpt: --checkpoint and CHECKPOINT cannot be used together\n"
                        + "hint: name one checkpoint, with or without --checkpoint\n",
                twice.err());
    }

    @Test
    void aFolderWithNothingButTheBestCheckpointIsTaken() throws Exception {
        Path only = Files.createDirectory(folder.resolve("only"));
        Files.copy(Path.of(model, "checkpoint.safetensors"), only.resolve("best.safetensors"));
        Run info = run("info", only.toString());
        assertEquals(ExitCode.DONE, info.exitCode(), info.err());
        assertTrue(info.out().startsWith("checkpoint: " + only.resolve("best.safetensors") + "\n"), info.out());
    }

    @Test
    void aStandardStreamIsNoCheckpoint() {
        String rule = " must be a path other than - (a standard stream cannot be used here, and ./- is a file of that"
                + " name), but is \"-\"\n";
        assertTrue(
                run("info", "-").err().startsWith("microgpt: CHECKPOINT" + rule),
                run("info", "-").err());
        assertTrue(run("info", "--checkpoint", "-").err().startsWith("microgpt: --checkpoint" + rule));
    }

    @Test
    void aFolderOfDataIsRecognized() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createFile(data.resolve("train.bin"));
        Run info = run("info", data.toString());
        assertEquals(ExitCode.CONTENT, info.exitCode());
        assertTrue(
                info.err().endsWith("hint: the folder holds data to train on: microgpt train --data " + data + "\n"),
                info.err());
    }
}
