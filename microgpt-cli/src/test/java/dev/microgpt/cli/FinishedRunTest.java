package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a finished run has written stays until another run replaces it. */
class FinishedRunTest {
    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    private void finish() {
        Run run = SmallTraining.run(text, out, "--checkpoint-interval", "2", "--eval-interval", "2");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (String name : out.toFile().list()) {
            if (!name.equals(".lock")) {
                contents.put(name, Files.readAllBytes(out.resolve(name)));
            }
        }
        return contents;
    }

    private void assertUntouched(Map<String, byte[]> before) throws IOException {
        Map<String, byte[]> now = contents();
        assertEquals(before.keySet(), now.keySet());
        for (String name : before.keySet()) {
            assertArrayEquals(before.get(name), now.get(name), name);
        }
    }

    /** A prepared folder whose validation split has a token that its tokenizer does not have. */
    private Path unfitCorpus() throws IOException {
        Path corpus = folder.resolve("corpus");
        Run prepared = Run.of("data", "prepare", "--data", text.toString(), "--out", corpus.toString());
        assertEquals(ExitCode.DONE, prepared.exitCode(), prepared.err());
        Path held = corpus.resolve("val.bin");
        byte[] tokens = Files.readAllBytes(held);
        tokens[tokens.length - 1] = 1; // 256 or more, little-endian
        Files.write(held, tokens);
        return corpus;
    }

    @Test
    void overwriteDeletesNothingIfTheDataIsRefused() throws IOException {
        Path corpus = unfitCorpus();
        finish();
        Map<String, byte[]> before = contents();
        Run refused = SmallTraining.run(corpus, out, "--overwrite");
        assertEquals(ExitCode.CONTENT, refused.exitCode(), refused.err());
        assertUntouched(before);
    }

    @Test
    void overwriteDeletesNothingIfTheMetricsAreRefused() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.jsonl"), "{\"text\":\"mine\"}\n");
        finish();
        Map<String, byte[]> before = contents();
        Run refused = SmallTraining.run(text, out, "--overwrite", "--metrics", notes.toString());
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertUntouched(before);
        assertEquals("{\"text\":\"mine\"}\n", Files.readString(notes));
    }

    /** As a process: only there does a signal stop the run. */
    @Test
    void aRefusalDoesNotSpeakOfStopping() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.microgpt.cli.Main"));
        command.addAll(List.of("train", "--preset", "nano", "--n-layer", "1", "--n-head", "2", "--n-embd", "8"));
        command.addAll(List.of("--block-size", "8", "--batch-size", "2", "--steps", "6"));
        command.addAll(List.of("--data", unfitCorpus().toString(), "--out", out.toString()));
        Path said = folder.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(said.toFile())
                .start();
        assertEquals(ExitCode.CONTENT, process.waitFor(), Files.readString(said));
        assertFalse(Files.readString(said).contains("stopping"), Files.readString(said));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint.safetensors", "best.safetensors", "metrics.jsonl", "report.html"})
    void aFolderInPlaceOfAFileIsRefusedBeforeTraining(String name) throws IOException {
        finish();
        Files.delete(out.resolve(name));
        Files.createDirectory(out.resolve(name));
        for (String start : List.of("--overwrite", "--no-bias", "--resume")) {
            Run refused = SmallTraining.run(text, out, start);
            assertEquals(ExitCode.IO, refused.exitCode(), refused.err());
            assertTrue(
                    refused.err()
                            .contains("--out " + out + ": " + name
                                    + " in it is a folder, but must be an ordinary file if it exists\n"),
                    refused.err());
            assertEquals("", refused.out());
        }
    }

    @Test
    void aPipeInPlaceOfACheckpointIsRefusedBeforeTraining() throws Exception {
        Files.createDirectory(out);
        String file = out.resolve("checkpoint.safetensors").toString();
        assumeTrue(
                new ProcessBuilder("mkfifo", file).start().waitFor() == 0, "skipped: this system has no named pipes");
        for (String start : List.of("--overwrite", "--resume")) {
            Run refused = SmallTraining.run(text, out, start);
            assertEquals(ExitCode.IO, refused.exitCode(), refused.err());
            assertTrue(
                    refused.err()
                            .contains("checkpoint.safetensors in it is a pipe or a device, but must be an ordinary file"
                                    + " if it exists\n"),
                    refused.err());
        }
    }
}
