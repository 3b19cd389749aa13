package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.run.WorkEstimate;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Training runs as processes in one folder, so small that a step takes a fraction of a millisecond. */
final class Trainings implements AutoCloseable {
    /** In the JVM that is started. */
    static final String HERE = "-D" + WorkEstimate.LONG_FROM + "=Infinity";

    /** In one more, as long trainings are. */
    static final String IN_SECOND_JVM = "-D" + WorkEstimate.LONG_FROM + "=0";

    /** With a constant rate, so that {@link #to} can end it at any step. */
    static final String ENDLESS = "train --data text.txt --n-embd 4 --n-head 1 --block-size 8 --schedule constant"
            + " --num-samples 0 --steps 100000000";

    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    // most of the time of these JVMs is their start
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private static final long SECONDS = 30;

    private final Path folder;
    private final Map<Process, Path> started = new HashMap<>();
    private final List<String> flags = new ArrayList<>(FLAGS);
    private List<String> program = List.of("-jar", JAR);

    Trainings(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("text.txt"), "emma\nolivia\nava\nisabel\nsophia\nmia\n");
    }

    /** Adds a jar to the class path, and so starts the program by its main class. */
    void use(Path jar) {
        program = List.of("-cp", JAR + File.pathSeparator + jar.toAbsolutePath(), Main.class.getName());
    }

    /** Skips the test where processes cannot be sent signals. */
    static void needSignals() throws Exception {
        assumeTrue(
                ProcessHandle.current().supportsNormalTermination() && works("env", "--default-signal=INT", "true"),
                "skipped: this system has no signals, or no env of coreutils 8.31 that resets them");
    }

    static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** The same command for a training that ends after a step. */
    static String to(int step, String endless) {
        return endless.replace("100000000", Integer.toString(step));
    }

    /** A shell without a terminal lets what it starts in the background ignore Ctrl-C, this JVM perhaps too. */
    Process start(String flag, String args) throws IOException {
        return start(List.of("env", "--default-signal=INT,HUP"), flag, args, ProcessBuilder.Redirect.PIPE);
    }

    /** Lets another program start it, and its results go elsewhere. */
    Process start(List<String> starter, String flag, String args, ProcessBuilder.Redirect results) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.add(JAVA);
        command.addAll(flags);
        command.add(flag);
        command.addAll(program);
        command.addAll(List.of(args.split(" ")));
        Path stderr = folder.resolve("stderr-" + started.size());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(results)
                .redirectError(stderr.toFile());
        builder.environment().remove(Launcher.VARIABLE);
        Process process = builder.start();
        started.put(process, stderr);
        return process;
    }

    /** Keeps the classes of a run in an archive, from which the JVMs after it start in two thirds of the time. */
    void archiveClasses(String args) throws Exception {
        Path archive = folder.resolve("classes.jsa");
        flags.add("-XX:ArchiveClassesAtExit=" + archive);
        run(args);
        flags.set(flags.size() - 1, "-XX:SharedArchiveFile=" + archive);
    }

    /** Reads until a step is done; false if there is none. */
    static boolean awaitStep(Process process) throws IOException {
        return awaitLine("step", process);
    }

    /** Reads until a line begins so; false if there is none. */
    static boolean awaitLine(String beginning, Process process) throws IOException {
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = lines.readLine();
        }
        return line != null;
    }

    /** Lets the rest of the output go. */
    static void drain(Process process) {
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

    static void send(String signal, Process process) throws Exception {
        assertTrue(works("kill", "-" + signal, Long.toString(process.pid())), signal);
    }

    int exitCodeOf(Process process) throws Exception {
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        return process.exitValue();
    }

    /** What it said. */
    String err(Process process) throws IOException {
        return Files.readString(started.get(process));
    }

    /** Runs to the end, and returns the results. */
    String run(String args) throws Exception {
        Process process = start(HERE, args);
        String out = String.join("\n", process.inputReader().lines().toList());
        assertEquals(ExitCode.DONE, exitCodeOf(process), err(process));
        return out;
    }

    RunCheckpoints checkpoints() {
        return new RunCheckpoints(folder.resolve("out"));
    }

    byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve(file));
    }

    /** Two runs of the same have the same lines, but for how fast they were. */
    String metrics(String file) throws IOException {
        return Files.readString(folder.resolve(file)).replaceAll(",\"tokens_per_second\":[^}]*", "");
    }

    /** Leaves nothing running. */
    @Override
    public void close() {
        for (Process process : started.keySet()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
