package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.FolderLock;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.sweep.RunEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sweep} and {@code compare}. */
class SweepCommandTest {
    private static final String SMALL = "n-embd = 4\nn-head = 1\nsteps = 9\n";

    @TempDir
    Path folder;

    private Run sweep(String text, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("s.txt"), text);
        List<String> args = new ArrayList<>(
                List.of("sweep", file.toString(), "--out", folder.resolve("out").toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private byte[] bytes(String run) throws IOException {
        return Files.readAllBytes(folder.resolve(run).resolve("checkpoint.safetensors"));
    }

    @Test
    void everyRunHasTheBytesOfTrainAlone() throws IOException {
        Run run = sweep(SMALL + "bias = true, false\nseed = 1, 2", "--jobs", "3");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("\nbias-false_seed-2  false     2      9  "), run.out());
        Path alone = folder.resolve("alone");
        Run train = Run.of(("train --n-embd 4 --n-head 1 --steps 9 --seed 2 --no-bias --out " + alone).split(" "));
        assertEquals(ExitCode.DONE, train.exitCode(), train.err());
        assertArrayEquals(bytes("alone"), bytes("out/bias-false_seed-2"));
        assertEquals(
                run.out(),
                Run.of(
                                "compare",
                                "" + folder.resolve("out/bias-true_seed-1"),
                                "" + folder.resolve("out/bias-true_seed-2"),
                                "" + folder.resolve("out/bias-false_seed-1"),
                                "" + folder.resolve("out/bias-false_seed-2"))
                        .out());
    }

    @Test
    void aDivergedRunIsReportedAndTheOthersEnd() throws IOException {
        Run run = sweep("n-embd = 4\nn-head = 1\nsteps = 60\nlearning-rate = 1e300, 0.01\nmin-lr = 0");
        assertEquals(ExitCode.DIVERGED, run.exitCode());
        assertTrue(
                run.err().contains("\nmicrogpt: 1 of 2 runs did not end well; the first is learning-rate-1e300: "),
                run.err());
        assertTrue(run.out().contains("  diverged\n"), run.out());
        assertTrue(run.out().contains("  done\n"), run.out());
        assertTrue(run.out().contains("\nlearning-rate-1e300: "), run.out());
        String again = sweep("n-embd = 4\nn-head = 1\nsteps = 60\nlearning-rate = 1e300, 0.01\nmin-lr = 0")
                .err();
        assertFalse(again.contains("\ntraining learning-rate"), again);
    }

    @Test
    void anErrorIsTheFailureOfItsRunWhoseLogHasItsTrace() throws IOException {
        RunEnd end = new SweptTraining().train(Map.of("n-embd", "4", "n-head", "1"), folder, () -> {
            throw new NoClassDefFoundError("other/Part");
        });
        String message = "a bug in this program: java.lang.NoClassDefFoundError: other/Part";
        assertEquals(new RunEnd(RunEnd.State.FAILED, ExitCode.BUG, message), end);
        String log = Files.readString(folder.resolve("log.txt"));
        assertTrue(log.contains("\tat dev.microgpt.cli.SweepCommandTest."), log);
        assertTrue(log.contains("\nmicrogpt: " + message + "\n"), log);
    }

    @Test
    void aRunThatAnotherProcessTrainsIsLeftToIt() throws IOException {
        Terminal silent = new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        Path run = folder.resolve("out/seed-1");
        FolderLock other = FolderLock.of(run, silent);
        try (other) {
            other.sign();
            Run swept = sweep(SMALL + "seed = 1, 2");
            assertEquals(ExitCode.FOLDER_IN_USE, swept.exitCode());
            assertTrue(swept.err().contains("failed: seed-1: --out " + run + " is in use by another"), swept.err());
            assertTrue(swept.out().matches("(?s).*\nseed-1 .* stopped\nseed-2 .* done\n.*"), swept.out());
            assertEquals("", Files.readString(run.resolve("log.txt")), "the log is that of the other process");
        }
        assertEquals(ExitCode.DONE, sweep(SMALL + "seed = 1, 2").exitCode());
    }

    @Test
    void aRunThatCannotBeginIsReportedAndTheOthersAreInTheTable() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Path link = Files.createSymbolicLink(out.resolve("seed-1"), folder.resolve("missing"));
        Run run = sweep(SMALL + "seed = 1, 2");
        assertEquals(ExitCode.IO, run.exitCode());
        assertTrue(
                run.err().contains("\nmicrogpt: 1 of 2 runs did not end well; the first is seed-1: " + link),
                run.err());
        assertTrue(run.out().contains("\nseed-2  "), run.out());
    }

    @Test
    void plainRunsAreComparedByTheirCheckpoints() throws IOException {
        for (String rate : List.of("0.01", "0.02")) {
            Run.of(("train --report --n-embd 4 --n-head 1 --steps 5 --num-samples 0 --learning-rate " + rate + " --out "
                            + folder.resolve(rate))
                    .split(" "));
        }
        Run run = Run.of(
                "compare",
                folder.resolve("0.01").toString(),
                folder.resolve("0.02").toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(
                run.out()
                        .startsWith(
                                "run   learning_rate  steps    loss  seconds  tokens/s\n0.01           0.01      5  "),
                run.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\nlearning-rat = 1' | , line 2, learning-rat = 1: unknown option --learning-rat=1, did you mean --learning-rate?",
                "'seed = 1\nsteps = 5, -5' | , line 2, steps = -5: --steps must be an integer of at least 1, but is \"-5\"",
                "'n-layer = 1, x' | , line 1, n-layer = x: --n-layer must be ",
                "'bias = true, yes' | , line 1, bias = yes: --bias must be true or false, or have no value, but is \"yes\"",
                "'out = x' | , line 1, out = x: --out is no setting of a run, but the sweep's to decide; leave it out",
                "'no-bias = true' | , line 1, no-bias = true: --no-bias is the flag bias = false; write that",
                "'data = -' | , line 1, data = -: standard input can be read only once",
                "'data = missing.txt' | : the run run with data = missing.txt is refused: missing.txt: no such file or folder",
                "'n-embd = 16, 30\nn-head = 4' | : the run n-embd-30 with n-embd = 30, n-head = 4 is refused: ",
                "'n-embd = 1000000' | : the run run with n-embd = 1000000 is refused: the model or the batch does not fit",
                "'min-lr = 1' | : the run run with min-lr = 1 is refused: --min-lr: ",
                "'seed 1' | , line 1: found \"seed 1\", but a line must be NAME = VALUE",
            })
    void aWrongSweepIsRefusedBeforeTheFirstRun(String text, String expected) throws IOException {
        Run run = sweep(text);
        assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("microgpt: " + folder.resolve("s.txt") + expected), run.err());
        assertFalse(Files.exists(folder.resolve("out")), run.err());
    }

    @Test
    void aSecondSweepInTheFolderIsRefused() throws IOException {
        Terminal silent = new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        FolderLock first = FolderLock.of(folder.resolve("out"), silent);
        try (first) {
            Run second = sweep(SMALL);
            assertEquals(ExitCode.FOLDER_IN_USE, second.exitCode());
            assertTrue(second.err().contains(" is in use by another training run, "), second.err());
        }
        assertEquals(ExitCode.DONE, sweep(SMALL).exitCode());
    }

    @Test
    void itsFolderIsNamedLikeTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("rates"), SMALL);
        Run run = Run.of("sweep", file.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(
                run.err().startsWith("microgpt: --out must be given, because " + file + " has no extension"),
                run.err());
    }

    @Test
    void aRunThatCannotBeReadIsNamedWithItsFolder() throws IOException {
        Path run = folder.resolve("broken");
        Run.of(("train --report --n-embd 4 --n-head 1 --steps 4 --num-samples 0 --checkpoint-interval 2 --out " + run)
                .split(" "));
        String whole = Run.of("compare", run.toString()).out();
        Path periodic = run.resolve("checkpoint-00000002.safetensors");
        Path last = run.resolve("checkpoint.safetensors");
        Files.deleteIfExists(run.resolve("checkpoint-00000004.safetensors"));
        for (Path damaged : List.of(periodic, last)) {
            byte[] before = Files.readAllBytes(damaged);
            Files.writeString(damaged, "cut");
            assertEquals(whole, Run.of("compare", run.toString()).out(), "the other checkpoint has the settings");
            Files.write(damaged, before);
        }
        Files.delete(periodic);
        Files.writeString(last, "cut");
        Run lost = Run.of("compare", run.toString());
        assertEquals(ExitCode.CONTENT, lost.exitCode());
        assertTrue(
                lost.err()
                        .startsWith(
                                "microgpt: " + run + " must have a checkpoint, which has the settings of the run, but"
                                        + " none can be read: checkpoint checkpoint.safetensors: not a"),
                lost.err());
        assertTrue(lost.err().endsWith("; leave out the folder, or train the run again\n"), lost.err());
    }

    @Test
    void metricsThatAreNoneAreNamedWithTheirFolderAlsoInASweep() throws IOException {
        sweep(SMALL);
        Path metrics = folder.resolve("out/run/metrics.jsonl");
        Files.writeString(metrics, "step,loss\n1,2.5\n");
        String message = "microgpt: " + metrics + " must have a step or an evaluation of the run in each line, but none"
                + " of its 2 lines has; leave out the folder, or train the run again\n";
        Run compared = Run.of("compare", metrics.getParent().toString());
        assertEquals(new Run(ExitCode.CONTENT, "", message), compared);
        Run swept = sweep(SMALL);
        assertEquals(ExitCode.CONTENT, swept.exitCode());
        assertTrue(swept.err().endsWith(message), swept.err());
    }

    @Test
    void otherFoldersCannotBeCompared() {
        Run run = Run.of("compare", folder.toString());
        assertEquals(ExitCode.CONTENT, run.exitCode());
        assertEquals(
                "microgpt: " + folder + " must be the folder of a run with metrics.jsonl, but there is no such file in"
                        + " it; microgpt sweep and microgpt train --report write it\n",
                run.err());
    }
}
