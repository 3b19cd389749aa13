package dev.microgpt.cli.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which checkpoint of a folder is used, and which are deleted. */
class RunCheckpointsTest {
    /** Real checkpoints of 6 steps, which tests copy. */
    @TempDir
    static Path source;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(said, said);
    private RunCheckpoints checkpoints = new RunCheckpoints(Path.of(""));

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(source.resolve("text.txt"), SmallTraining.TEXT);
        Run run = SmallTraining.run(text, source, "--checkpoint-interval", "1", "--keep", "9");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    @BeforeEach
    void lookIntoTheFolder() {
        checkpoints = new RunCheckpoints(folder);
    }

    private Path put(int step, Path file) throws IOException {
        return Files.copy(new RunCheckpoints(source).after(step), file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void putAfter(int... steps) throws IOException {
        for (int step : steps) {
            put(step, checkpoints.after(step));
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Path file : checkpoints.all()) {
            names.add(file.getFileName().toString());
        }
        return names;
    }

    @Test
    void namesHaveTheStepAndAreSortedByIt() throws IOException {
        for (int step : new int[] {0, 7, 99_999_999, 100_000_000, Integer.MAX_VALUE}) {
            Files.createFile(checkpoints.after(step));
        }
        Files.createFile(checkpoints.last());
        Files.createFile(checkpoints.best());
        assertEquals(
                List.of(
                        "checkpoint-2147483647.safetensors",
                        "checkpoint-100000000.safetensors",
                        "checkpoint-99999999.safetensors",
                        "checkpoint-00000007.safetensors",
                        "checkpoint-00000000.safetensors",
                        "checkpoint.safetensors",
                        "best.safetensors"),
                names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkpoint-7.safetensors",
                "checkpoint-0000007x.safetensors",
                "checkpoint-000000007.safetensors",
                "checkpoint-2147483648.safetensors",
                "checkpoint-99999999999.safetensors",
                "checkpoint-\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661.safetensors",
                "checkpoint-00000007.safetensors.tmp-12",
                ".checkpoint-00000007.safetensors.tmp-12",
                "my-checkpoint-00000007.safetensors"
            })
    void whatIsNamedOtherwiseIsNotOurs(String name) throws IOException {
        Files.createFile(folder.resolve(name));
        assertEquals(List.of(), names());
        assertNull(checkpoints.latest(terminal));
    }

    @Test
    void theLatestIsTheHighestStepWhateverItsName() throws IOException {
        putAfter(2, 4);
        assertEquals(checkpoints.after(4), checkpoints.latest(terminal));
        put(3, checkpoints.last());
        put(4, checkpoints.best());
        assertEquals(checkpoints.after(4), checkpoints.latest(terminal));
        put(5, checkpoints.best());
        assertEquals(checkpoints.best(), checkpoints.latest(terminal));
        put(6, checkpoints.last());
        assertEquals(checkpoints.last(), checkpoints.latest(terminal));
        assertEquals("", said.toString());
    }

    @Test
    void whatDoesNotVerifyIsPassedOverAndNamed() throws IOException {
        putAfter(1, 2, 3, 4);
        damage(checkpoints.after(4));
        Files.write(checkpoints.after(3), new byte[0]);
        assertEquals(checkpoints.after(2), checkpoints.latest(terminal));
        List<String> lines = said.toString().lines().toList();
        assertEquals(2, lines.size(), said.toString());
        assertTrue(lines.get(0).startsWith("microgpt: warning: skipping " + checkpoints.after(4) + ": "));
        assertTrue(lines.get(1).startsWith("microgpt: warning: skipping " + checkpoints.after(3) + ": "));
    }

    @Test
    void theNewestModelIsNotPassedOver() throws IOException {
        assertNull(checkpoints.newest());
        putAfter(2, 4);
        put(3, checkpoints.last());
        assertEquals(checkpoints.after(4), checkpoints.newest());
        put(4, checkpoints.last());
        assertEquals(checkpoints.last(), checkpoints.newest());
        damage(checkpoints.last());
        assertThrows(IOException.class, checkpoints::newest);
    }

    @Test
    void oneThatIsDeletedBeforeItIsOpenIsNotMissed() throws IOException {
        putAfter(2);
        List<Path> tried = new ArrayList<>();
        int step = RunFolder.read("--checkpoint", folder, file -> {
            tried.add(file);
            if (tried.size() == 1) { // what a training with --keep 1 does at this very moment
                putAfter(3);
                Files.delete(file);
            }
            return Checkpoint.load(file).step();
        });
        assertEquals(3, step);
        assertEquals(List.of(checkpoints.after(2), checkpoints.after(3)), tried);
    }

    @Test
    void oneThatIsGoneForGoodIsReported() throws IOException {
        putAfter(2);
        Path other = folder.resolve("other.safetensors");
        assertThrows(IOException.class, () -> RunFolder.read("--checkpoint", folder, file -> Checkpoint.stepIn(other)));
    }

    @Test
    void rotationDropsTheLowestSteps() throws IOException {
        putAfter(1, 2, 3, 4);
        put(1, checkpoints.last());
        checkpoints.rotate(checkpoints.after(4), 2, terminal);
        assertEquals(
                List.of("checkpoint-00000004.safetensors", "checkpoint-00000003.safetensors", "checkpoint.safetensors"),
                names());
    }

    @Test
    void nothingIsDroppedForOneThatDoesNotVerify() throws IOException {
        putAfter(1, 2, 3);
        damage(checkpoints.after(3));
        checkpoints.rotate(checkpoints.after(3), 1, terminal);
        assertEquals(3, names().size());
        assertTrue(said.toString().contains("warning: skipping "), said.toString());
    }

    @Test
    void theOneJustSavedStaysThoughOthersAreOfLaterSteps() throws IOException {
        putAfter(2, 4, 5);
        checkpoints.rotate(checkpoints.after(2), 1, terminal);
        assertEquals(List.of("checkpoint-00000005.safetensors", "checkpoint-00000002.safetensors"), names());
    }
}
