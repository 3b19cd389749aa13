package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.train.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainings as processes that are stopped, killed, or two at a time. */
class RunSafetyIT {
    /** How often the long test kills; more in a nightly build. */
    private static final int KILLS = Integer.getInteger("microgpt.test.kills", 4);

    /** Whatever it is, the last bytes must be the same; to try another one. */
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);

    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String HERE = "-D" + WorkEstimate.LONG_FROM + "=Infinity";
    private static final String IN_SECOND_JVM = "-D" + WorkEstimate.LONG_FROM + "=0";
    private static final String ENDLESS = "train --steps 100000000 --num-samples 0";
    private static final long SECONDS = 60;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void needsSignals() throws Exception {
        assumeTrue(
                ProcessHandle.current().supportsNormalTermination() && works("env", "--default-signal=INT", "true"),
                "skipped: this system has no signals, or no env of coreutils 8.31 that resets them");
    }

    @AfterEach
    void leavesNothingRunning() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** A shell without a terminal lets what it starts in the background ignore Ctrl-C, this JVM perhaps too. */
    private Process start(String flag, String args) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP", JAVA, flag, "-jar", JAR));
        command.addAll(List.of(args.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove(Launcher.VARIABLE);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Reads until some steps are done. */
    private static void awaitSteps(int count, Process process) throws IOException {
        BufferedReader lines = process.inputReader();
        int steps = 0;
        String line = lines.readLine();
        while (line != null) {
            steps += line.startsWith("step") ? 1 : 0;
            if (steps == count) {
                return;
            }
            line = lines.readLine();
        }
    }

    /** Reads until the first step is done, and lets the rest of the output drain. */
    private static void awaitStep(Process process) throws IOException {
        awaitSteps(1, process);
        drain(process);
    }

    private static void drain(Process process) {
        Thread reader = new Thread(() -> {
            try {
                process.inputReader().lines().forEach(line -> {});
            } catch (UncheckedIOException killed) {
                // there is no more to read
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private static void send(String signal, Process process) throws Exception {
        assertTrue(works("kill", "-" + signal, Long.toString(process.pid())), signal);
    }

    private int exitCodeOf(Process process) throws Exception {
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        return process.exitValue();
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    /** Runs to the end. */
    private String run(String args) throws Exception {
        Process process = start(HERE, args);
        String out = String.join("\n", process.inputReader().lines().toList());
        assertEquals(ExitCode.DONE, exitCodeOf(process), err());
        return out;
    }

    private byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve(file));
    }

    @ParameterizedTest
    @CsvSource({
        HERE + ", INT, 130",
        HERE + ", TERM, 143",
        HERE + ", HUP, 129",
        IN_SECOND_JVM + ", INT, 130",
        IN_SECOND_JVM + ", TERM, 143"
    })
    void aSignalSavesAndStops(String flag, String signal, int exitCode) throws Exception {
        Process process = start(flag, ENDLESS);
        awaitStep(process);
        send(signal, process);
        assertEquals(exitCode, exitCodeOf(process), err());
        List<String> talk = err().lines().toList();
        assertEquals(4, talk.size(), err());
        int step = Checkpoint.load(folder.resolve("out/checkpoint.safetensors")).step();
        assertEquals(
                "microgpt: stopped after step " + step
                        + " of 100000000 and saved as out/checkpoint.safetensors; to go on:",
                talk.get(2));
        assertEquals("    microgpt " + ENDLESS + " --resume", talk.get(3));
    }

    @ParameterizedTest
    @CsvSource({HERE, IN_SECOND_JVM})
    void aSecondCtrlCStopsAtOnceAndHarmsNothing(String flag) throws Exception {
        Process process = start(flag, ENDLESS + " --checkpoint-interval 1");
        awaitStep(process);
        send("INT", process);
        while (process.isAlive()) { // how many it takes depends on when the first is noticed
            works("kill", "-INT", Long.toString(process.pid()));
        }
        assertEquals(130, exitCodeOf(process), err());
        for (Path file : new RunCheckpoints(folder.resolve("out")).all()) {
            Checkpoint.load(file); // whatever was saved is whole
        }
    }

    /** Another number of threads, too. */
    @Test
    void goingOnAfterASignalIsNeverHavingStopped() throws Exception {
        String options = "train --n-embd 24 --steps 600 --num-samples 3";
        String expected = run(options + " --out straight");
        Process process = start(HERE, options + " --threads 2");
        awaitStep(process);
        send("TERM", process);
        exitCodeOf(process);
        String resumed = run(options + " --threads 1 --resume");
        assertArrayEquals(bytes("straight/checkpoint.safetensors"), bytes("out/checkpoint.safetensors"));
        assertEquals(samples(expected), samples(resumed));
    }

    private static String samples(String out) {
        return out.substring(out.indexOf("---"));
    }

    @Test
    void killedAtAnyTimeItGoesOnFromItsLatestCheckpoint() throws Exception {
        String options = "train --steps " + (100 + 40 * KILLS) + " --num-samples 0 --metrics";
        run(options + " straight.jsonl --out straight");
        String again = options + " metrics.jsonl --checkpoint-interval 1 --keep 2";
        Random random = new Random(SEED);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            boolean any = !new RunCheckpoints(folder.resolve("out")).all().isEmpty();
            Process process = start(HERE, again + (any ? " --resume" : ""));
            awaitSteps(2, process); // so the one before is saved
            drain(process);
            process.waitFor(random.nextInt(120), TimeUnit.MILLISECONDS);
            process.destroyForcibly();
            killed += exitCodeOf(process) == 128 + 9 ? 1 : 0;
            assertFalse(err().contains("warning"), "kill " + i + ", seed " + SEED + ": " + err());
        }
        assertTrue(killed > KILLS / 2, killed + " of " + KILLS + " were killed before their end, seed " + SEED);
        run(again + " --resume");
        assertArrayEquals(bytes("straight/checkpoint.safetensors"), bytes("out/checkpoint.safetensors"));
        assertEquals(withoutSpeed("straight.jsonl"), withoutSpeed("metrics.jsonl"));
    }

    private String withoutSpeed(String file) throws IOException {
        return Files.readString(folder.resolve(file)).replaceAll(",\"tokens_per_second\":[^}]*", "");
    }

    @Test
    void twoCannotShareAFolderUntilTheFirstIsKilled() throws Exception {
        Process first = start(HERE, ENDLESS);
        awaitStep(first);
        Process second = start(HERE, ENDLESS + " --overwrite");
        assertEquals(ExitCode.FOLDER_IN_USE, exitCodeOf(second), err());
        assertTrue(
                err().matches("(?s)microgpt: --out out: found another training at work in it, process " + first.pid()
                        + " on \\S+ for .*, expected none\nhint: [^\n]*\n"),
                err());
        assertTrue(first.isAlive());
        first.destroyForcibly();
        exitCodeOf(first);
        run("train --steps 1");
    }

    /** As with {@code train | head -1}. */
    @Test
    void whenNobodyReadsTheResultsTheTrainingIsSaved() throws Exception {
        String options = "train --steps 2500 --num-samples 0 --metrics metrics.jsonl"; // more than a pipe holds
        run("train --steps 2500 --num-samples 0 --metrics straight.jsonl --out straight");
        Process process = start(HERE, options);
        awaitSteps(1, process);
        process.getInputStream().close();
        assertEquals(ExitCode.IO, exitCodeOf(process), err());
        assertTrue(err().contains("microgpt: standard output: "), err());
        assertTrue(err().contains("; to go on: microgpt " + options + " --resume\n"), err());
        run(options + " --resume");
        assertArrayEquals(bytes("straight/checkpoint.safetensors"), bytes("out/checkpoint.safetensors"));
        assertEquals(withoutSpeed("straight.jsonl"), withoutSpeed("metrics.jsonl"));
    }
}
