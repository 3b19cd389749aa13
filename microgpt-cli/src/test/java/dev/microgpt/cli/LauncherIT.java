package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.jvm.SecondJvm;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Logging;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleFinder;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar in two JVMs, one of which starts the other. */
class LauncherIT {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String ALWAYS = "-D" + WorkEstimate.LONG_FROM + "=0";
    private static final String NEVER = "-D" + WorkEstimate.LONG_FROM + "=Infinity";
    private static final String LOG = "-D" + Logging.LEVEL + "=debug";
    private static final long SECONDS = 60;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void needsTheModule() {
        assumeTrue(
                ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isPresent(),
                "skipped: this JDK comes without the module " + SecondJvm.VECTOR_API);
    }

    @AfterEach
    void leavesNothingRunning() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void aLongCommandRunsInASecondJvm() throws Exception {
        Run run = run(command(List.of(ALWAYS, LOG), "train", "--steps", "1"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("second JVM: [" + JAVA), run.err());
        assertTrue(run.err().contains("no second JVM: this is the second"), run.err());
    }

    @Test
    void theEnvironmentForbidsIt() throws Exception {
        ProcessBuilder command = command(List.of(ALWAYS, LOG), "train", "--steps", "1");
        command.environment().put(Launcher.VARIABLE, "0");
        Run run = run(command);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("no second JVM: MICROGPT_RELAUNCH is 0"), run.err());
        assertFalse(run.err().contains("second JVM: ["), run.err());
    }

    @Test
    void scalarKernelsHaveNoUseForIt() throws Exception {
        Run run = run(command(List.of(ALWAYS, LOG, "-Dmicrogpt.kernels=scalar"), "train", "--steps", "1"));
        assertTrue(run.err().contains("no second JVM: -Dmicrogpt.kernels=scalar"), run.err());
        assertFalse(run.err().contains("second JVM: ["), run.err());
    }

    @Test
    void resultsAndCheckpointAreTheSameBytes() throws Exception {
        String[] args = {"train", "--steps", "5", "--overwrite", "--quiet"};
        Path checkpoint = folder.resolve("out/checkpoint.safetensors");
        Run here = run(command(List.of(NEVER), args));
        byte[] expected = Files.readAllBytes(checkpoint);
        Files.delete(checkpoint);
        assertEquals(here, run(command(List.of(ALWAYS), args)));
        assertArrayEquals(expected, Files.readAllBytes(checkpoint));
    }

    @Test
    void samplesAreTheSameBytes() throws Exception {
        run(command(List.of(NEVER), "train", "--steps", "5", "--quiet"));
        String[] args = {
            "sample", "--prompt", "ka", "--max-new-tokens", "40", "--top-p", "0.9", "--stop", "n\n", "--stop", "a"
        };
        Run here = run(command(List.of(NEVER), args));
        assertEquals(20, here.out().lines().count(), here.err());
        assertEquals(here, run(command(List.of(ALWAYS), args)));
    }

    @Test
    void whatIsWrongIsSaidOnceWithTheSameExitCode() throws Exception {
        Path latin1 = Files.write(folder.resolve("latin1.txt"), "ren\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        String[] args = {"train", "--data", latin1.toString()};
        Run here = run(command(List.of(NEVER), args));
        assertEquals(ExitCode.CONTENT, here.exitCode(), here.err());
        assertEquals(here, run(command(List.of(ALWAYS), args)));
    }

    @Test
    void flagsArePassedOn() throws Exception {
        String[] args = {"train", "--n-embd", "4096", "--n-layer", "48"};
        Run here = run(command(List.of(NEVER, "-Xmx64m"), args));
        assertEquals(ExitCode.MEMORY, here.exitCode(), here.err());
        assertTrue(here.err().contains("the heap is limited to 6"), here.err());
        assertEquals(here, run(command(List.of(ALWAYS, "-Xmx64m"), args)));
    }

    @Test
    void flagsFromTheEnvironmentCountOnce() throws Exception {
        ProcessBuilder command = command(List.of(), "train", "--steps", "1", "--quiet");
        command.environment().put("JAVA_TOOL_OPTIONS", ALWAYS);
        assertEquals(
                "Picked up JAVA_TOOL_OPTIONS: " + ALWAYS, run(command).err().strip());
    }

    /** The second JVM could not open the port again, and would write over the log; the archive is not one. */
    @Test
    void whatTwoJvmsCannotShareStaysWithTheFirst() throws Exception {
        Files.writeString(folder.resolve("stale.jsa"), "not an archive");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String flags = "-Dcom.sun.management.jmxremote.port=" + port + " -Dcom.sun.management.jmxremote.ssl=false"
                + " -Dcom.sun.management.jmxremote.authenticate=false -Xlog:gc:file=gc.log"
                + " -XX:SharedArchiveFile=stale.jsa";
        String[] args = {"train", "--steps", "5", "--overwrite"};
        Run here = run(withTools(flags, NEVER, args));
        Run run = run(withTools(flags, ALWAYS, args));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        // in newer JDKs, the first JVM itself writes two lines about the archive, with the time
        assertEquals(withoutTimes(here.out()), withoutTimes(run.out()));
        assertTrue(run.err().contains("jmxremote.port=" + port + " stays with the first JVM"), run.err());
        assertTrue(run.err().contains("no second JVM: this is the second"), run.err());
    }

    @Test
    void aDebuggerKeepsItsJvmAndTheCostIsSaid() throws Exception {
        String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0";
        Run run = run(withTools(debugger, ALWAYS, "train", "--steps", "1", "--num-samples", "0"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(4, run.out().lines().count(), run.out());
        assertTrue(
                run.err()
                        .contains("microgpt: note: there is no second JVM with fast kernels, so this takes several"
                                + " times longer: " + debugger + " is meant for this JVM; with --add-modules"
                                + " jdk.incubator.vector, the first JVM has fast kernels itself\n"),
                run.err());
    }

    private static String withoutTimes(String lines) {
        return lines.replaceAll("(?m)^\\[\\d+\\.\\d+s]", "");
    }

    private ProcessBuilder withTools(String toolOptions, String when, String... args) {
        ProcessBuilder command = command(List.of(when, LOG), args);
        command.environment().put("JAVA_TOOL_OPTIONS", toolOptions);
        return command;
    }

    @Test
    void standardInputReachesIt() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/stdin")), "skipped: this system has no /dev/stdin");
        Process process =
                start(command(List.of(ALWAYS), "train", "--steps", "1", "--data", "/dev/stdin", "--num-samples", "0"));
        try (OutputStream in = process.getOutputStream()) {
            in.write("anna\nemma\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals("num docs: 2", process.inputReader().readLine());
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
        assertEquals(ExitCode.DONE, process.exitValue());
    }

    @Test
    void itEndsWhenTheFirstIsKilled() throws Exception {
        Process first = startEndless();
        ProcessHandle second = childOf(first);
        first.toHandle().destroyForcibly();
        second.onExit().get(SECONDS, TimeUnit.SECONDS);
        Checkpoint.load(folder.resolve("out/checkpoint.safetensors")); // it has saved what it had
    }

    @Test
    void aRequestToEndReachesIt() throws Exception {
        assumeTrue(
                ProcessHandle.current().supportsNormalTermination(),
                "skipped: this system knows no signal but the one that kills");
        Process first = startEndless();
        ProcessHandle second = childOf(first);
        first.toHandle().destroy();
        assertTrue(first.waitFor(SECONDS, TimeUnit.SECONDS));
        assertEquals(128 + 15, first.exitValue());
        assertFalse(second.isAlive(), "the first waits for the second");
    }

    @Test
    void itsSignalIsTheExitCode() throws Exception {
        assumeTrue(ProcessHandle.current().supportsNormalTermination(), "skipped: this system knows no signals");
        Process first = startEndless();
        childOf(first).destroyForcibly();
        assertTrue(first.waitFor(SECONDS, TimeUnit.SECONDS));
        assertEquals(128 + 9, first.exitValue());
    }

    /** Starts a training without an end, and returns when its first step is done. */
    private Process startEndless() throws IOException {
        Process process = start(command(List.of(ALWAYS), "train", "--steps", "100000000"));
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith("step")) {
            line = lines.readLine();
        }
        assertTrue(line != null, "a step is done");
        return process;
    }

    private ProcessBuilder command(List<String> flags, String... args) {
        List<String> command =
                new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // start sooner
        command.addAll(flags);
        command.addAll(List.of("-jar", JAR));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove(Launcher.VARIABLE);
        return builder;
    }

    private Process start(ProcessBuilder command) throws IOException {
        Process process =
                command.redirectError(folder.resolve("stderr").toFile()).start();
        started.add(process);
        return process;
    }

    private Run run(ProcessBuilder command) throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Process process = start(command.redirectOutput(out.toFile()));
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        return new Run(process.exitValue(), Files.readString(out), Files.readString(folder.resolve("stderr")));
    }

    private static ProcessHandle childOf(Process process) {
        return process.children().findFirst().orElseThrow();
    }
}
