package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.jvm.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code microgpt serve} as a process of its own, at a free port of this machine. */
final class Served implements AutoCloseable {
    /** Until it is said to hang. */
    static final long SECONDS = 60;

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    // most of the time of these JVMs is their start
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx128m");

    /** Names with all 26 letters. */
    private static final List<String> NAMES = List.of(
            "karen anna emma olivia jack bob quentin xavier zoe wyatt fay gus hal dina paul liv moe ria sue theo"
                    .split(" "));

    private static final Pattern READY = Pattern.compile("serving (.+) at http://127\\.0\\.0\\.1:(\\d+)/");
    private static final int MILLIS = 5;

    private final Process process;
    private final Path err;
    private String names = "";
    private int port;

    private Served(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** Trains a model of names, with BOS as its token 26, in a fraction of a second, and returns its run folder. */
    static Path trainNames(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("names.txt"), NAMES);
        Path out = folder.resolve("names");
        return trained(
                out,
                Run.of(
                        "train",
                        "--steps=60",
                        "--num-samples=0",
                        "--quiet",
                        "--no-report",
                        "--data",
                        file.toString(),
                        "--out",
                        out.toString()));
    }

    /** Trains a model of text that goes on: a token that ends it is hardly ever drawn. */
    static Path trainText(Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Path out = folder.resolve("text");
        String[] options = "--steps 60 --learning-rate 0.05 --warmup-steps 0 --batch-size 8".split(" ");
        return trained(out, SmallTraining.run(file, out, options));
    }

    private static Path trained(Path out, Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return out;
    }

    /** Starts the classes of this test's class path in one JVM, and waits until it is ready. */
    static Served start(Path folder, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
        command.addAll(List.of(args));
        command.addAll(List.of("--port", "0"));
        Served served = start(folder, command, "0");
        served.awaitReady();
        return served;
    }

    /** Starts the jar as a user does; a shell without a terminal would let it ignore Ctrl-C. */
    static Served startJar(Path folder, boolean inSecondJvm, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP", JAVA));
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", System.getProperty("microgpt.jar"), "serve"));
        command.addAll(List.of(args));
        return start(folder, command, inSecondJvm ? "1" : "0");
    }

    private static Served start(Path folder, List<String> command, String relaunch) throws IOException {
        Path err = Files.createTempFile(folder, "serve", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().put(Launcher.VARIABLE, relaunch);
        return new Served(builder.start(), err);
    }

    void awaitReady() throws Exception {
        long deadline = deadline();
        while (port == 0) {
            Matcher ready = READY.matcher(err());
            if (ready.find()) {
                names = ready.group(1);
                port = Integer.parseInt(ready.group(2));
            } else {
                assertTrue(process.isAlive(), () -> "ended with " + process.exitValue() + ": " + err());
                pause(deadline, "the line that it is ready");
            }
        }
    }

    /** The names of its models as it says them. */
    String names() {
        return names;
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    /** What it said. */
    String err() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    int exitCode() throws Exception {
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> "ends in time: " + err());
        return process.exitValue();
    }

    HttpAnswer post(String path, String json) throws IOException {
        try (HttpWire wire = new HttpWire(port)) {
            wire.send(HttpWire.post(path, json));
            return wire.read();
        }
    }

    HttpAnswer get(String path) throws IOException {
        try (HttpWire wire = new HttpWire(port)) {
            wire.send(HttpWire.get(path));
            return wire.read();
        }
    }

    /** A number of its metrics, added up over all labels. */
    double metric(String name) throws IOException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Waits until a number of its metrics is this one. */
    void await(String name, double value) throws Exception {
        long deadline = deadline();
        for (double now = metric(name); now != value; now = metric(name)) {
            pause(deadline, name + " becomes " + value + ", not " + now);
        }
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    }

    private static void pause(long deadline, String what) throws InterruptedException {
        assertTrue(System.nanoTime() < deadline, what);
        Thread.sleep(MILLIS);
    }

    /** Leaves nothing running. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
