package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.FileOperations;
import dev.microgpt.train.internal.disk.OtherDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A refused or failed command leaves the disk as it was, and a disk error names the file. */
class NothingLeftTest {
    private static final String REASON = "Das Ger\u00E4t brennt";
    private static final FileOperations REAL = Disk.operations();

    @TempDir
    Path folder;

    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
    }

    private Run run(String command) {
        List<String> args = new ArrayList<>();
        for (String word : command.split(" ")) {
            args.add(word.replace("$", folder.toString()));
        }
        return Run.of(args.toArray(new String[0]));
    }

    private Path finish(String name, String... more) {
        Path out = folder.resolve(name);
        List<String> options = new ArrayList<>(List.of("--eval-interval", "2", "--samples", "1"));
        options.addAll(List.of(more));
        Run run = SmallTraining.run(text, out, options.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return out;
    }

    private static Run on(FileOperations disk, Supplier<Run> command) {
        OtherDisk other = OtherDisk.use(disk);
        try {
            return command.get();
        } finally {
            other.close();
        }
    }

    private static FailingDisk failingAt(int operation) {
        return new FailingDisk(REAL, operation, 0, false, () -> {
            throw new IOException(REASON);
        });
    }

    /** Every operation of every command that writes fails once; its results are to be in folders that are missing. */
    @Test
    void aDiskErrorLeavesNothingBehindAndNamesTheFile(TestReporter reporter) throws IOException {
        finish("model", "--tokenizer", "byte");
        assertEquals(ExitCode.DONE, run("export gpt2 $/model $/gpt2").exitCode());
        int tried = 0;
        for (String command : List.of(
                "data prepare --data $/text.txt --out $/new/a",
                "tokenizer train --data $/text.txt --vocab-size 260 --out $/new/a/tokenizer.json",
                "import gpt2 $/gpt2 --out $/new/a/model.safetensors",
                "export gpt2 $/model $/new/a",
                "eval --checkpoint $/model --text fox --per-token $/a.jsonl")) {
            String out = folder.resolve(command.endsWith("a.jsonl") ? "a.jsonl" : "new/a")
                    .toString();
            Snapshot before = Snapshot.of(folder);
            boolean failed = true;
            for (int operation = 0; failed; operation++) {
                FailingDisk disk = failingAt(operation);
                Run run = on(disk, () -> run(command));
                failed = run.exitCode() != ExitCode.DONE;
                String where = command + ", operation " + operation + ": " + run.err();
                if (failed) {
                    boolean isSync = disk.operations().get(operation).what().equals("syncFolder");
                    assertEquals(ExitCode.IO, run.exitCode(), where);
                    assertTrue(run.err().contains(folder.toString()), where);
                    assertTrue(run.err().contains("the system reports \"" + REASON + "\""), where);
                    assertTrue(
                            isSync || List.of().equals(before.changesTo(Snapshot.of(folder))),
                            where + before.changesTo(Snapshot.of(folder)));
                    tried++;
                }
                delete(Path.of(out));
                Files.deleteIfExists(folder.resolve("new"));
            }
        }
        assertTrue(tried > 40, tried + " tried");
        String figure = tried + " disk errors in commands that write, each reported with the file, nothing left behind";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static void delete(Path file) throws IOException {
        String[] names = file.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            delete(file.resolve(name));
        }
        Files.deleteIfExists(file);
    }

    @Test
    void aCorpusStaysIfANewOneCannotBeWritten() throws IOException {
        String prepare = "data prepare --data $/text.txt --out $/corpus";
        assertEquals(ExitCode.DONE, run(prepare).exitCode());
        Snapshot before = Snapshot.of(folder);
        int operation = 0;
        FailingDisk disk = failingAt(operation);
        while (on(disk, () -> run(prepare + " --overwrite --val-fraction 0.2")).exitCode() != ExitCode.DONE) {
            boolean isUnfinished =
                    disk.operations().get(operation).file().toString().contains(".prepare-");
            if (isUnfinished) {
                assertEquals(List.of(), before.changesTo(Snapshot.of(folder)), "operation " + operation);
            }
            disk = failingAt(++operation);
        }
        assertTrue(operation > 10, operation + " operations");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --resume $/bad/bad.safetensors",
                "train --resume $/bad/checkpoint.safetensors --data $/text.txt --steps 7",
                "train --out $/model --steps 3",
                "train --out $/page --preset nano --n-layer 1 --n-head 1 --n-embd 4 --block-size 8 --data $/text.txt",
                "train --out $/page --preset nano --n-layer 1 --n-head 1 --n-embd 4 --block-size 8 --data $/text.txt"
                        + " --overwrite"
            })
    void aRefusalLeavesNoLock(String command) throws IOException {
        Path model = finish("model");
        Files.delete(model.resolve(".lock"));
        Path bad = Files.createDirectory(folder.resolve("bad"));
        Files.write(bad.resolve("bad.safetensors"), new byte[100]);
        Files.copy(model.resolve("checkpoint.safetensors"), bad.resolve("checkpoint.safetensors"));
        Path page = Files.createDirectory(folder.resolve("page"));
        Files.writeString(page.resolve("report.html"), "mine");
        Snapshot before = Snapshot.of(folder);
        Run refused = run(command);
        assertFalse(refused.exitCode() == ExitCode.DONE, refused.err());
        assertEquals(List.of(), before.changesTo(Snapshot.of(folder)), refused.err());
    }

    @Test
    void aRunThatSavesNothingLeavesNoFolder() throws IOException {
        Snapshot before = Snapshot.of(folder);
        Run diverged = run("train --steps 3 --learning-rate 1e300 --out $/a/b/out");
        assertEquals(ExitCode.DIVERGED, diverged.exitCode(), diverged.err());
        assertEquals(List.of(), before.changesTo(Snapshot.of(folder)));
        FailingDisk full = new FailingDisk(REAL, -1, 0, false, () -> {}) {
            @Override
            public NewFile create(Path file) throws IOException {
                throw new IOException(REASON);
            }
        };
        Run unsaved = on(full, () -> run("train --steps 1 --out $/a/b/out"));
        assertEquals(ExitCode.IO, unsaved.exitCode(), unsaved.err());
        assertEquals(List.of(), before.changesTo(Snapshot.of(folder)), unsaved.err());
    }

    /** The disk on which nothing can be saved. */
    private static FailingDisk without(String name) {
        return new FailingDisk(REAL, -1, 0, false, () -> {}) {
            @Override
            public NewFile create(Path file) throws IOException {
                if (file.getFileName().toString().contains(name)) {
                    throw new IOException(REASON);
                }
                return super.create(file);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "best"})
    void aFinishedRunThatIsResumedOnAFullDiskKeepsItsMetrics(String name) throws IOException {
        Path out = finish("out");
        byte[] metrics = Files.readAllBytes(out.resolve("metrics.jsonl"));
        String[] options = {"--eval-interval", "2", "--samples", "1", "--resume"};
        Run run = on(without("." + name + "."), () -> SmallTraining.run(text, out, options));
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        Path file = out.resolve(name + ".safetensors");
        assertTrue(
                run.err()
                        .contains("microgpt: " + file + ": step 6 of 6 could not be saved: the system reports \""
                                + REASON + "\" (it needs about "),
                run.err());
        assertTrue(run.err().contains("hint: nothing is lost, because step 6 is saved; "), run.err());
        assertArrayEquals(metrics, Files.readAllBytes(out.resolve("metrics.jsonl")));
        Run again = SmallTraining.run(text, out, options);
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertArrayEquals(metrics, Files.readAllBytes(out.resolve("metrics.jsonl")));
    }

    @Test
    void theReportIsNamedIfItCannotBeWritten() throws IOException {
        Path out = folder.resolve("out");
        Run run = on(without(".report"), () -> SmallTraining.run(text, out));
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        assertTrue(
                run.err()
                        .endsWith("microgpt: " + out.resolve("report.html") + ": the system reports \"" + REASON
                                + "\"\n"),
                run.err());
        String[] names = out.toFile().list();
        assertTrue(Arrays.asList(names).contains("checkpoint.safetensors"), Arrays.toString(names));
        assertFalse(Arrays.toString(names).contains("tmp-"), Arrays.toString(names));
    }
}
