package dev.microgpt.cli.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock within one process; RunSafetyIT tests it between two processes. */
class FolderLockTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(said, said);

    @TempDir
    Path folder;

    @Test
    void whoComesSecondIsToldWhoIsThere() throws IOException {
        long pid = ProcessHandle.current().pid();
        FolderLock lock = FolderLock.of(folder, terminal);
        try (lock) {
            lock.sign();
            CliException refused = assertThrows(CliException.class, () -> FolderLock.of(folder, terminal));
            assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
            assertTrue(
                    refused.getMessage()
                            .matches(".* is in use by another training run, process " + pid + " on \\S+ for .*"),
                    refused.getMessage());
        }
        assertEquals("", said.toString());
    }

    @Test
    void theFileThatStaysIsNoObstacle() throws IOException {
        Path file = Files.writeString(folder.resolve(".lock"), "1 elsewhere 12345\n");
        for (int i = 0; i < 2; i++) {
            FolderLock lock = FolderLock.of(folder, terminal);
            lock.sign();
            lock.close();
            assertEquals(0, Files.size(file));
        }
    }

    @Test
    void theFileStaysOnlyWithWhatARunLeaves() throws IOException {
        Path out = folder.resolve("new/out");
        FolderLock.of(out, terminal).close();
        assertFalse(Files.exists(folder.resolve("new")), "it was refused");
        FolderLock lock = FolderLock.of(out, terminal);
        lock.sign();
        lock.close();
        assertFalse(Files.exists(folder.resolve("new")), "it has left nothing");
        lock = FolderLock.of(out, terminal);
        lock.sign();
        Files.createFile(out.resolve("checkpoint.safetensors"));
        lock.close();
        assertTrue(Files.exists(out.resolve(".lock")));
        FolderLock.of(out, terminal).close();
        assertTrue(Files.exists(out.resolve(".lock")), "it is that of the other run");
    }

    @Test
    void whatIsNotAFileIsNoLock() throws IOException {
        Files.createDirectory(folder.resolve(".lock"));
        CliException refused = assertThrows(CliException.class, () -> FolderLock.of(folder, terminal));
        assertEquals(
                "--out " + folder + ": .lock in it is a folder, but must be an ordinary file if it exists",
                refused.getMessage());
    }

    @Test
    void whoeverHasTheLockIsDescribedAsFarAsTheFileTells() {
        assertEquals("process 12 on host for 0 s", FolderLock.describe("12 host " + System.currentTimeMillis() + "\n"));
        assertEquals("process 12 on host", FolderLock.describe("12 host soon"));
        for (String other : List.of("", "12", "\n", "a b c d")) {
            assertEquals("a process that has not written its id", FolderLock.describe(other));
        }
    }

    @Test
    void aTrainingHasItAndRemovesWhatACrashLeft() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Path out = Files.createDirectory(folder.resolve("out"));
        for (String left : List.of(
                ".checkpoint.safetensors.tmp-1",
                ".checkpoint-00000500.safetensors.tmp-12345",
                ".best.safetensors.tmp-7",
                ".report.html.tmp-7",
                ".checkpoint.probe-7f",
                ".rehearsal-7f.safetensors",
                "..rehearsal-7f.safetensors.tmp-9")) {
            Files.createFile(out.resolve(left));
        }
        List<String> others = List.of(".checkpoints", ".best.txt", "notes.tmp-1");
        for (String other : others) {
            Files.createFile(out.resolve(other));
        }
        FolderLock lock = FolderLock.of(out, terminal);
        try (lock) {
            Run refused = SmallTraining.run(text, out);
            assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
            assertEquals("", refused.out());
            assertTrue(Files.exists(out.resolve(".report.html.tmp-7")), "that of whoever has the lock");
        }
        Run run = SmallTraining.run(text, out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        String[] names = out.toFile().list();
        assertTrue(Arrays.asList(names).containsAll(others), Arrays.toString(names));
        for (String name : names) {
            assertFalse(name.startsWith(".") && name.contains("-"), name);
        }
    }
}
