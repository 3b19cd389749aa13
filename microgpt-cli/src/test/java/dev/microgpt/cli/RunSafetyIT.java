package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training runs as processes that are stopped, or that share a folder; KillIT kills them. */
class RunSafetyIT {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final int SIGNALS = NIGHTLY ? 100 : 6;
    private static final int RACES = NIGHTLY ? 30 : 1;

    /** When signals come; to try other times. */
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);

    private static final String[] NAMES = {"INT", "TERM", "HUP"};
    private static final int[] EXIT_CODES = {130, 143, 129};

    // from the first step that is shown
    private static final int MILLIS = 100;

    private static final long SECONDS = 30;

    @TempDir
    Path folder;

    private Trainings trainings;

    @BeforeEach
    void needsSignals() throws Exception {
        Trainings.needSignals();
        trainings = new Trainings(folder);
    }

    @AfterEach
    void leavesNothingRunning() {
        if (trainings != null) {
            trainings.close();
        }
    }

    private static void publish(TestReporter reporter, String figure) {
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Every other time while it saves at every step, two of five in a second JVM; with other threads, too. */
    @Test
    void aSignalSavesAndStopsAndGoingOnIsNeverHavingStopped(TestReporter reporter) throws Exception {
        Random random = new Random(SEED);
        long worstNanos = 0;
        int step = 0;
        for (int i = 0; i < SIGNALS; i++) {
            String command =
                    Trainings.ENDLESS + (i % 2 == 0 ? "" : " --checkpoint-interval 1") + " --threads " + (1 + i % 2);
            String flag = i % 5 < 3 ? Trainings.HERE : Trainings.IN_SECOND_JVM; // all pairs within 15
            Process process = trainings.start(flag, command + (i == 0 ? "" : " --resume"));
            String where = "signal " + i + ", seed " + SEED + ": ";
            assertTrue(Trainings.awaitStep(process), where + trainings.err(process));
            Trainings.drain(process);
            process.waitFor(random.nextInt(MILLIS), TimeUnit.MILLISECONDS);
            long sent = System.nanoTime();
            Trainings.send(NAMES[i % NAMES.length], process);
            assertEquals(EXIT_CODES[i % NAMES.length], trainings.exitCodeOf(process), where + trainings.err(process));
            worstNanos = Math.max(worstNanos, System.nanoTime() - sent);
            int saved = Checkpoint.load(trainings.checkpoints().last()).step();
            assertTrue(saved > step, where + "step " + saved + " after " + step);
            step = saved;
            checkTalk(command, step, trainings.err(process));
        }
        String end = Trainings.to(step + 3, Trainings.ENDLESS).replace("--num-samples 0", "--num-samples 3");
        String resumed = trainings.run(end + " --resume");
        String straight = trainings.run(end + " --out straight");
        assertArrayEquals(
                trainings.bytes("straight/checkpoint.safetensors"), trainings.bytes("out/checkpoint.safetensors"));
        assertEquals(samples(straight), samples(resumed));
        publish(
                reporter,
                SIGNALS + " signals (INT, TERM, HUP) within " + step + " steps, " + SIGNALS
                        + " saved and stopped, the slowest within " + TimeUnit.NANOSECONDS.toMillis(worstNanos)
                        + " ms; at the end the same bytes as without");
    }

    private static void checkTalk(String command, int step, String err) {
        List<String> talk = err.lines().toList();
        assertEquals(6, talk.size(), err); // also a note about little data, and the loss
        assertEquals(
                "microgpt: stopped after step " + step
                        + " of 100000000 and saved out/checkpoint.safetensors; resume with:",
                talk.get(4));
        assertEquals("    microgpt " + command + " --resume", talk.get(5));
    }

    private static String samples(String out) {
        return out.substring(out.indexOf("---"));
    }

    /** In a step that takes as long as one likes, so that nothing else can have ended it. */
    @ParameterizedTest
    @ValueSource(strings = {Trainings.HERE, Trainings.IN_SECOND_JVM})
    void aSecondCtrlCStopsAtOnce(String flag) throws Exception {
        Process process = trainings.start(flag, Trainings.ENDLESS + " --gradient-accumulation-steps 100000000");
        assertTrue(Trainings.awaitLine("num params", process), trainings.err(process));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        Trainings.send("INT", process);
        while (!trainings.err(process).contains("stopping after this step") && System.nanoTime() < end) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        while (process.isAlive() && System.nanoTime() < end) { // a second JVM is sent the first one late
            Trainings.works("kill", "-INT", Long.toString(process.pid()));
        }
        assertFalse(process.isAlive(), trainings.err(process));
        assertEquals(130, trainings.exitCodeOf(process), trainings.err(process));
        assertTrue(trainings.err(process).contains("stopping after this step"), trainings.err(process));
    }

    @Test
    void aSecondCtrlCHarmsNothing() throws Exception {
        Process process = trainings.start(Trainings.HERE, Trainings.ENDLESS + " --checkpoint-interval 1");
        assertTrue(Trainings.awaitStep(process), trainings.err(process));
        Trainings.drain(process);
        Trainings.send("INT", process);
        while (process.isAlive()) { // how many it takes depends on when the first is noticed
            Trainings.works("kill", "-INT", Long.toString(process.pid()));
        }
        assertEquals(130, trainings.exitCodeOf(process), trainings.err(process));
        for (Path file : trainings.checkpoints().all()) {
            Checkpoint.load(file); // whatever was saved is whole
        }
    }

    /** Of two that start at once one gets the folder; and whoever comes later is told who is there. */
    @Test
    void twoCannotShareAFolderUntilTheFirstIsKilled(TestReporter reporter) throws Exception {
        String command = Trainings.ENDLESS + " --overwrite";
        int refused = 0;
        for (int race = 0; race < RACES; race++) {
            Process one = trainings.start(Trainings.HERE, command);
            Process other = trainings.start(Trainings.HERE, command);
            CompletableFuture.anyOf(one.onExit(), other.onExit()).get(SECONDS, TimeUnit.SECONDS);
            Process first = one.isAlive() ? one : other;
            Process second = one.isAlive() ? other : one;
            assertEquals(ExitCode.FOLDER_IN_USE, trainings.exitCodeOf(second), trainings.err(second));
            assertTrue(Trainings.awaitStep(first), trainings.err(first));
            Trainings.drain(first);
            Process third = trainings.start(Trainings.HERE, command);
            assertEquals(ExitCode.FOLDER_IN_USE, trainings.exitCodeOf(third), trainings.err(third));
            assertTrue(
                    trainings
                            .err(third)
                            .matches("(?s)microgpt: --out out is in use by another training run, process " + first.pid()
                                    + " on \\S+ for .*\nhint: [^\n]*\n"),
                    trainings.err(third));
            assertTrue(first.isAlive());
            first.destroyForcibly();
            trainings.exitCodeOf(first);
            refused += 2;
        }
        trainings.run(Trainings.to(1, Trainings.ENDLESS));
        publish(
                reporter,
                3 * RACES + " trainings came to one folder in " + RACES + " races, " + RACES + " had it, " + refused
                        + " were refused; each time the next could have it after the first was killed");
    }

    /** As with {@code train | head -1}. */
    @Test
    void whenNobodyReadsTheResultsTheTrainingIsSaved() throws Exception {
        String options = Trainings.ENDLESS + " --metrics ";
        Process process = trainings.start(Trainings.HERE, options + "metrics.jsonl");
        assertTrue(Trainings.awaitStep(process), trainings.err(process));
        process.getInputStream().close();
        assertEquals(ExitCode.IO, trainings.exitCodeOf(process), trainings.err(process));
        assertTrue(trainings.err(process).contains("microgpt: standard output: "), trainings.err(process));
        assertTrue(
                trainings.err(process).contains("; resume with: microgpt " + options + "metrics.jsonl --resume\n"),
                trainings.err(process));
        int step = Checkpoint.load(trainings.checkpoints().last()).step();
        trainings.run(Trainings.to(step + 3, options) + "metrics.jsonl --resume");
        trainings.run(Trainings.to(step + 3, options) + "straight.jsonl --out straight");
        assertArrayEquals(
                trainings.bytes("straight/checkpoint.safetensors"), trainings.bytes("out/checkpoint.safetensors"));
        assertEquals(trainings.metrics("straight.jsonl"), trainings.metrics("metrics.jsonl"));
    }
}
