package dev.microgpt.cli.interop;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jar as a server: a process of its own on a port that is free. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("serving .* at (http://127\\.0\\.0\\.1:\\d+)/");
    private static final int SECONDS = 60;
    private static final int PAUSE = 20;

    private final Process process;
    private final Path err;
    private final String address;

    /** Starts a server in a folder, and waits until it is ready. */
    ServerProcess(Path folder, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("microgpt.jar"),
                "serve",
                "--port",
                "0"));
        command.addAll(List.of(args));
        err = Files.createTempFile(folder, "serve", ".err");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        address = waitUntilReady();
    }

    /** Trains a model of names, the one of {@code train} without options, and one of text. */
    static void train(Path folder) throws IOException {
        done(Run.of(
                "train",
                "--num-samples",
                "0",
                "--quiet",
                "--out",
                folder.resolve("names").toString()));
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        done(SmallTraining.run(text, folder.resolve("text")));
    }

    private static void done(Run run) {
        if (run.exitCode() != ExitCode.DONE) {
            throw new IllegalStateException(run.err());
        }
    }

    private String waitUntilReady() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            Matcher ready = READY.matcher(Files.readString(err));
            if (ready.find()) {
                return ready.group(1);
            }
            Thread.sleep(PAUSE);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server is not ready: " + Files.readString(err));
    }

    /** {@return what clients call the base URL} */
    String baseUrl() {
        return address + "/v1";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server does not stop: " + Files.readString(err));
        }
    }
}
