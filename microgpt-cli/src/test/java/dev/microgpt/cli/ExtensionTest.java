package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Extension;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OtherDisk;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --resume --steps M --extend}: a run that becomes longer. */
class ExtensionTest {
    private static final String OPTIONS = "--n-embd 4 --n-head 1 --block-size 4 --val-fraction 0.3 --eval-interval 2"
            + " --eval-steps 1 --checkpoint-interval 1 --keep 99 --report --num-samples 1 --dropout 0.2 --batch-size 2"
            + " --gradient-accumulation-steps 2 --learning-rate 0.1";

    private static int interruptions;

    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(
                folder.resolve("names.txt"), "anna\nemma\nolivia\nava\nmia\nzoe\nlily\nella\nnora\nluna\n");
        out = folder.resolve("out");
    }

    private String[] args(Path run, String options) {
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--out", run.toString()));
        args.addAll(List.of((OPTIONS + " " + options).split(" ")));
        return args.toArray(new String[0]);
    }

    private Run done(Path run, String options) {
        Run done = Run.of(args(run, options));
        assertEquals(ExitCode.DONE, done.exitCode(), done.err());
        return done;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : from.toFile().list()) {
            if (!name.startsWith(".")) {
                Files.write(to.resolve(name), Files.readAllBytes(from.resolve(name)));
            }
        }
    }

    private static byte[] last(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("checkpoint.safetensors"));
    }

    @Test
    void anExtensionThatCrashesAnywhereEndsWithTheSameBytes() throws IOException {
        String options = "--schedule cosine --min-lr 0.01 --steps ";
        done(out, options + 5);
        Path straight = folder.resolve("straight");
        copy(out, straight);
        done(straight, options + "7 --resume --extend");
        assertEquals("7 of 7", SmallTraining.info(straight).get("step"));
        boolean failed = true;
        for (int operation = 0; failed; operation++) {
            Path crashed = folder.resolve("crashed" + operation);
            copy(out, crashed);
            OtherDisk dying = OtherDisk.use(new DyingDisk(Disk.operations(), operation));
            try {
                failed = Run.of(args(crashed, options + "7 --resume --extend")).exitCode() != ExitCode.DONE;
            } finally {
                dying.close();
            }
            String where = "operation " + operation;
            boolean untouched = Arrays.equals(last(out), last(crashed));
            assertTrue(untouched || Arrays.equals(last(straight), last(crashed)), where);
            done(crashed, options + "7 --resume --extend");
            SmallTraining.assertSameEnd(straight, crashed, where);
            interruptions++;
        }
        assertTrue(interruptions > 15, interruptions + " interruptions");
    }

    @Test
    void anExtensionThatIsStoppedAfterAnyStepEndsWithTheSameBytes() throws IOException {
        String options = "--schedule linear --warmup-steps 2 --steps ";
        done(out, options + 5);
        byte[] finished = last(out);
        Path straight = folder.resolve("straight");
        copy(out, straight);
        done(straight, options + "9 --resume --extend");
        for (int step = 5; step <= 9; step++) {
            Path stopped = folder.resolve("stopped" + step);
            copy(out, stopped);
            Run stop = stopped(stopped, step, options + "9 --resume --extend");
            assertEquals(ExitCode.IO, stop.exitCode(), stop.err());
            assertEquals(step == 5, Arrays.equals(finished, last(stopped)), "stays until there is a later step");
            boolean again = step % 2 == 1; // the command that was stopped may be given again
            done(stopped, options + (again ? "9 --resume --extend" : "9 --resume"));
            SmallTraining.assertSameEnd(straight, stopped, "stopped after step " + step);
            interruptions++;
        }
    }

    /** The evaluation with which an extension begins cannot be written. */
    @Test
    void anExtensionThatEndsBeforeItsFirstStepLeavesTheFinishedCheckpoint() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "skipped: this system has no /dev/full");
        done(out, "--steps 5");
        byte[] finished = last(out);
        String[] args = args(out, "--steps 9 --resume --extend --metrics /dev/full");
        Collections.replaceAll(Arrays.asList(args), "--report", "--no-report"); // which could not read it
        Run full = Run.of(args);
        assertEquals(ExitCode.IO, full.exitCode(), full.err());
        assertTrue(
                full.err().contains("no step was done, so nothing was saved; give the same command again"), full.err());
        assertArrayEquals(finished, last(out));
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = interruptions + " interruptions of two extensions tried, by a crash at any file operation or a"
                + " stop after any step, all resumed to the same bytes";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Runs until nobody reads the results, which stops a run as a signal does. */
    private Run stopped(Path run, int step, String options) {
        OutputStream closed = new OutputStream() {
            private String line = "";

            @Override
            public void write(int b) throws IOException {
                line = b == '\n' ? "" : line + (char) b;
                if (step == 5 ? line.startsWith("num docs") : line.startsWith("step    " + step)) {
                    throw new IOException("closed");
                }
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(new Terminal(closed, err), args(run, options));
        return new Run(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void withAConstantRateEveryTensorIsThatOfTheLongRun() throws IOException {
        Path whole = folder.resolve("whole");
        done(whole, "--schedule constant --steps 9");
        for (int steps : new int[] {1, 5, 8}) {
            Path extended = folder.resolve("extended" + steps);
            done(extended, "--schedule constant --steps " + steps);
            done(extended, "--schedule constant --steps 9 --resume --extend");
            List<NamedTensor> expected = tensors(whole);
            List<NamedTensor> found = tensors(extended);
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).name(), found.get(i).name());
                assertArrayEquals(
                        expected.get(i).data(),
                        found.get(i).data(),
                        expected.get(i).name());
            }
            assertEquals(SmallTraining.metrics(whole, "loss"), SmallTraining.metrics(extended, "loss"));
        }
    }

    private static List<NamedTensor> tensors(Path run) throws IOException {
        return Safetensors.read(run.resolve("checkpoint.safetensors")).tensors();
    }

    @ParameterizedTest
    @CsvSource({"cosine, 5", "linear, 5", "cosine, 3"})
    void theStepsThatFollowHaveTheRatesOfALongRun(String schedule, int done) throws IOException {
        String options = "--min-lr 0.001 --warmup-steps 1 --schedule " + schedule;
        Path whole = folder.resolve("whole");
        done(whole, options + " --steps 9");
        done(out, options + " --steps 5");
        if (done < 5) { // an unfinished run
            Files.delete(out.resolve("checkpoint.safetensors"));
            for (int step = done + 1; step <= 5; step++) {
                Files.delete(new RunCheckpoints(out).after(step));
            }
            Files.delete(out.resolve("best.safetensors"));
        }
        List<Double> before = SmallTraining.metrics(out, "learning_rate").subList(0, done);
        List<Double> longer = SmallTraining.metrics(whole, "learning_rate");
        String err = done(out, options + " --steps 9 --resume --extend").err();
        List<Double> expected = new ArrayList<>(before);
        expected.addAll(longer.subList(done, 9));
        assertEquals(expected, SmallTraining.metrics(out, "learning_rate"));
        assertNotEquals(longer, expected, "the rates so far were others");
        String seam = "after step " + done + " of 5 to 9 steps; the learning rate is " + before.get(done - 1)
                + " at step " + done + " and " + longer.get(done) + " at step " + (done + 1);
        assertTrue(err.contains("extending the run " + seam + ", from "), err);
        Map<String, String> info = SmallTraining.info(out);
        assertEquals(seam, info.get("extended"));
        assertEquals("9", info.get("steps"));
        assertEquals("9 of 9", info.get("step"));
    }

    @Test
    void aRunCanBeExtendedAgainAndResumedWithoutTheOptions() throws IOException {
        done(out, "--steps 3");
        done(out, "--steps 5 --resume --extend");
        done(out, "--steps 7 --resume --extend");
        Checkpoint saved = Checkpoint.load(out.resolve("checkpoint.safetensors"));
        assertEquals(List.of(new Extension(3, 3, 5), new Extension(5, 5, 7)), saved.extensions());
        Run again = done(out, "--resume");
        assertTrue(
                again.err()
                        .contains("this run is finished: all 7 steps are done; repeating the last evaluation and the"
                                + " samples, from " + out.resolve("checkpoint")),
                again.err());
        assertTrue(again.err().contains("(to train longer, add --extend with a larger --steps)\n"), again.err());
        byte[] before = last(out);
        assertTrue(done(out, "--steps 7 --resume --extend").err().contains("all 7 steps are done"));
        assertArrayEquals(before, last(out));
    }

    /** The finished run was evaluated at its end on more batches than before; a longer run would not have been. */
    @Test
    void theLastStepOfTheFinishedRunIsEvaluatedOnTheSampleAndCountsForTheBest() throws IOException {
        done(out, "--steps 5 --schedule cosine");
        List<Double> before = SmallTraining.metrics(out, "validation_loss").subList(0, 2); // after steps 2 and 4
        done(out, "--steps 7 --schedule cosine --resume --extend");
        List<Double> sampled = SmallTraining.metrics(out, "validation_loss").subList(0, 4); // and after 5 and 6
        assertEquals(before, sampled.subList(0, 2));
        assertEquals(
                Collections.min(sampled),
                Checkpoint.load(out.resolve("checkpoint.safetensors")).bestLoss());
    }

    @ParameterizedTest
    @CsvSource({
        "--steps 5, '--steps is 5, but must be above 5, the steps of '",
        "--steps 4, '--steps is 4, but must be above 5, the steps of '",
        "--steps 9 --learning-rate 0.2, '--learning-rate is 0.2, but '",
        "--steps 9 --seed 3, '--seed is 3, but '",
    })
    void whatDoesNotExtendTheRunIsRefused(String options, String message) throws IOException {
        done(out, "--steps 5");
        byte[] before = last(out);
        String metrics = SmallTraining.metricsWithoutTimes(out);
        String common = OPTIONS.replace(" --learning-rate 0.1", "");
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--out", out.toString()));
        args.addAll(List.of((common + " --resume --extend " + options).split(" ")));
        Run refused = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err().startsWith("microgpt: " + message + (message.endsWith("of ") ? out : "")), refused.err());
        assertArrayEquals(before, last(out));
        assertEquals(metrics, SmallTraining.metricsWithoutTimes(out));
    }

    /** The extension would replace the checkpoints of the later steps, which are not its own. */
    @Test
    void onlyTheLatestCheckpointOfAFolderIsExtended() throws IOException {
        done(out, "--steps 5");
        byte[] before = last(out);
        Path third = new RunCheckpoints(out).after(3);
        String[] args = args(out, "--steps 9 --extend --resume " + third);
        Run refused = Run.of(args);
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .contains("--extend: " + third + " is from step 3, but must be the latest checkpoint in its"
                                + " folder, which is from step 5\n"),
                refused.err());
        assertArrayEquals(before, last(out));
        Path own = Files.createDirectories(folder.resolve("own"));
        Files.copy(third, own.resolve("checkpoint.safetensors"));
        assertTrue(done(own, "--steps 9 --extend --resume").err().contains("extending the run after step 3 of 5 to 9"));
    }

    /** Without {@code --extend}, such a run may become longer, but then its extensions must lead there. */
    @Test
    void anExtendedRunWithAConstantRateIsExtendedAgain() throws IOException {
        done(out, "--schedule constant --steps 3");
        done(out, "--schedule constant --steps 5 --resume --extend");
        assertEquals(
                ExitCode.USAGE,
                Run.of(args(out, "--schedule constant --steps 7 --resume")).exitCode());
        done(out, "--schedule constant --steps 7 --resume --extend");
    }

    @Test
    void withoutExtendMoreStepsAreRefusedWithAHint() {
        done(out, "--steps 5");
        Run refused = Run.of(args(out, "--steps 9 --resume"));
        assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("so far depend; or add --extend, to train longer\n"), refused.err());
    }

    /** What the command that first trained the run may not replace, although the finished checkpoint is still there. */
    @Test
    void anExtensionThatWasKilledIsNotTakenForTheFinishedRun() throws IOException {
        done(out, "--steps 5");
        Path extended = folder.resolve("extended");
        copy(out, extended);
        done(extended, "--steps 9 --resume --extend");
        String name = new RunCheckpoints(extended).after(7).getFileName().toString();
        Files.write(out.resolve(name), Files.readAllBytes(extended.resolve(name)));
        assertEquals(ExitCode.FOLDER_IN_USE, Run.of(args(out, "--steps 5")).exitCode());
        assertEquals(
                ExitCode.FOLDER_IN_USE,
                Run.of(args(extended, "--steps 9")).exitCode(),
                "a run of 9 steps has other weights");
    }

    /** A run that was finished once is not lost to another one that is stopped. */
    @Test
    void anExtensionStaysUntilANewRunHasEnded() throws IOException {
        done(out, "--steps 5");
        stopped(out, 7, "--steps 9 --resume --extend");
        byte[] before = last(out);
        assertEquals("7 of 9", SmallTraining.info(out).get("step"));
        stopped(out, 2, "--steps 9 --seed 3 --overwrite");
        assertArrayEquals(before, last(out));
        assertTrue(Files.exists(out.resolve("unfinished")));
        Run refused = Run.of(
                "train",
                "--data",
                text.toString(),
                "--resume",
                out.resolve("checkpoint.safetensors").toString(),
                "--steps",
                "12",
                "--extend");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .contains("--extend: the new run in " + out.resolve("unfinished")
                                + " will replace this one when it ends\n"),
                refused.err());
        assertFalse(refused.err().contains("Exception"), refused.err());
    }
}
