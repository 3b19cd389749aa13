package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Memory that runs out during training. */
class OutOfMemoryIT {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final long SECONDS = 120;
    /** The heap is large enough for the training, but not for what is there besides. */
    private static final int HELD = 200;

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void theLastCheckpointStaysAndTheRunCanGoOn(TestReporter reporter) throws Exception {
        Path text = Files.writeString(
                folder.resolve("text.txt"),
                "the quick brown fox jumps over the lazy dog 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ\n".repeat(200));
        Path out = folder.resolve("out");
        List<String> begin = List.of("train", "--preset", "nano", "--schedule", "constant", "--num-samples", "0");
        assertEquals(0, run(0, begin, "--data", text.toString(), "--out", out.toString(), "--steps", "1"), this::told);
        Path last = out.resolve("checkpoint.safetensors");
        byte[] before = Files.readAllBytes(last);

        List<String> goOn =
                List.of("train", "--resume", out.toString(), "--schedule", "constant", "--num-samples", "0");
        assertEquals(ExitCode.MEMORY, run(HELD, goOn, "--data", text.toString(), "--steps", "2"), this::told);

        List<String> lines = told().lines().toList();
        List<String> end = lines.subList(lines.size() - 2, lines.size());
        assertTrue(end.get(0).matches("microgpt: out of memory: the heap is limited to [0-9]+ MB"), told());
        assertTrue(
                end.get(1)
                        .startsWith(
                                "hint: give the JVM a larger heap, for example java -Xmx4g -jar microgpt.jar, or make"),
                told());
        assertTrue(told().contains("resuming after step 1 of 2"), "refused before it began: " + told());
        assertFalse(told().contains("Exception") || told().contains("\tat "), told());
        assertArrayEquals(before, Files.readAllBytes(last));

        assertEquals(0, run(0, goOn, "--data", text.toString(), "--steps", "2"), this::told);
        assertEquals(2, Checkpoint.load(last).step());
        reporter.publishFile(
                "figure.txt",
                MediaType.TEXT_PLAIN_UTF_8,
                file -> Files.writeString(
                        file,
                        "1 training ran out of memory in its step 2, exit code " + ExitCode.MEMORY
                                + ", checkpoint of step 1 unchanged, gone on from it"));
    }

    private int run(int held, List<String> args, String... more) throws Exception {
        String classes = JAR + File.pathSeparator + Path.of("target", "test-classes");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx400m", "-D" + WorkEstimate.LONG_FROM + "=Infinity"));
        command.addAll(List.of("-cp", classes, FullHeap.class.getName(), Integer.toString(held)));
        command.addAll(args);
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove(Launcher.VARIABLE);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it hangs");
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private String told() {
        try {
            return Files.readString(folder.resolve("stderr"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
