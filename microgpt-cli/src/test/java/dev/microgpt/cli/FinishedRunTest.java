package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OtherDisk;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            if (!name.startsWith(".") && !name.equals("unfinished")) {
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
        assertFalse(Files.exists(out.resolve("unfinished")));
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
        command.addAll(List.of("--data", text.toString(), "--out", out.toString()));
        Files.createDirectory(out); // the metrics are the last that is checked
        Files.writeString(out.resolve("metrics.jsonl"), "{\"text\":\"mine\"}\n");
        Path said = folder.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(said.toFile())
                .start();
        assertEquals(ExitCode.FOLDER_IN_USE, process.waitFor(), Files.readString(said));
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

    /** Runs until nobody reads the results, which stops a run as a signal does. */
    private Run stopped(int step, String... more) {
        OutputStream closed = new OutputStream() {
            private String line = "";

            @Override
            public void write(int b) throws IOException {
                line = b == '\n' ? "" : line + (char) b;
                if (line.startsWith("step    " + step)) {
                    throw new IOException("closed");
                }
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(new Terminal(closed, err), documents(more));
        return new Run(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }

    private String[] documents(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--out", out.toString()));
        args.addAll(List.of("--n-embd", "4", "--n-head", "1", "--block-size", "4", "--val-fraction", "0.3"));
        args.addAll(List.of("--eval-interval", "1", "--checkpoint-interval", "2", "--report"));
        args.addAll(List.of(more).contains("--steps") ? List.of() : List.of("--steps", "6"));
        args.addAll(List.of("--num-samples", "1", "--keep", "3"));
        args.addAll(List.of(more));
        return args.toArray(new String[0]);
    }

    private void assertResults(Map<String, String> end, String where) throws IOException {
        Map<String, String> results = results();
        assertEquals(end.keySet(), results.keySet(), where);
        for (String name : end.keySet()) {
            assertTrue(end.get(name).equals(results.get(name)), where + ": " + name);
        }
    }

    /** The speed of a run is in its metrics and its report. */
    private Map<String, String> results() throws IOException {
        Map<String, String> results = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : contents().entrySet()) {
            String content = new String(file.getValue(), StandardCharsets.ISO_8859_1);
            String equal = content.replaceAll(",\"tokens_per_second\":[^}]*", "");
            results.put(file.getKey(), file.getKey().equals("report.html") ? "" : equal);
        }
        return results;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seed 42", "--seed 7 --overwrite"})
    void aStoppedRunLeavesTheFinishedOneAsItIsAndCanBeResumed(String again) throws IOException {
        String[] options = again.split(" ");
        Run first = Run.of(documents(options));
        assertEquals(ExitCode.DONE, first.exitCode(), first.err());
        Map<String, String> end = results();
        Run finished = Run.of(documents("--seed", "42", "--overwrite"));
        assertEquals(ExitCode.DONE, finished.exitCode(), finished.err());
        Map<String, byte[]> before = contents();

        Run stopped = stopped(3, options);
        assertEquals(ExitCode.IO, stopped.exitCode(), stopped.err());
        assertTrue(stopped.err().contains("; resume with: microgpt train"), stopped.err());
        assertUntouched(before);
        assertEquals("6 of 6", SmallTraining.info(out).get("step"));
        assertEquals(
                "3 of 6",
                SmallTraining.info(out.resolve("unfinished/checkpoint.safetensors"))
                        .get("step"));
        Run refused = Run.of(documents("--seed", "42"));
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err().contains(" already has another run in it, unfinished" + File.separator), refused.err());

        Run resumed = Run.of(documents("--resume"));
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
        assertTrue(resumed.err().contains("resuming after step 3 of 6"), resumed.err());
        assertResults(end, out.toString());
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    @Test
    void theSubfolderMayBeNamedToResume() throws IOException {
        Run.of(documents());
        Map<String, String> end = results();
        for (String file : List.of("", "/checkpoint.safetensors")) {
            stopped(5);
            List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--num-samples", "1"));
            args.addAll(List.of("--eval-interval", "1", "--checkpoint-interval", "2", "--keep", "3"));
            args.addAll(List.of("--resume", out.resolve("unfinished") + file));
            Run resumed = Run.of(args.toArray(new String[0]));
            assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
            assertResults(end, out.toString());
        }
    }

    private Run stoppedAfterResuming(String file, int step, String... more) {
        List<String> options =
                new ArrayList<>(List.of("--resume", out.resolve(file).toString()));
        options.addAll(List.of(more));
        return stopped(step, options.toArray(new String[0]));
    }

    /** Periodic checkpoints are written after steps 2, 4 and 6. */
    @ParameterizedTest
    @CsvSource({"checkpoint-00000002.safetensors, 3", "checkpoint-00000002.safetensors, 5", "mine.safetensors, 3"})
    void resumingFromAnEarlierCheckpointLeavesTheFinishedRunAsItIs(String file, int step) throws IOException {
        Run.of(documents());
        Map<String, String> end = results();
        Files.copy(out.resolve("checkpoint-00000002.safetensors"), out.resolve("mine.safetensors"));
        Map<String, byte[]> before = contents();
        Run stopped = stoppedAfterResuming(file, step);
        assertEquals(ExitCode.IO, stopped.exitCode(), stopped.err());
        assertTrue(
                stopped.err().contains("the finished run in " + out + " stays until this one ends and replaces it\n"),
                stopped.err());
        assertUntouched(before);
        Path unfinished = out.resolve("unfinished/checkpoint.safetensors");
        assertEquals(step + " of 6", SmallTraining.info(unfinished).get("step"));

        Run resumed = Run.of(documents("--resume"));
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
        assertTrue(resumed.err().contains("resuming after step " + step + " of 6"), resumed.err());
        Files.delete(out.resolve("mine.safetensors"));
        assertResults(end, file);
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    /** Before anything is saved, what the run needs of the finished one is in its folder. */
    @Test
    void aRunResumedFromAnEarlierCheckpointKeepsTheBestOfItsSteps() throws IOException {
        Files.writeString(text, "ab".repeat(45) + "c".repeat(10)); // see TextTrainingTest
        String[] options = {
            "--no-tie-head",
            "--eval-interval",
            "1",
            "--learning-rate",
            "0.05",
            "--warmup-steps",
            "0",
            "--checkpoint-interval",
            "2",
            "--keep",
            "3"
        };
        Run first = SmallTraining.run(text, out, options);
        assertEquals(ExitCode.DONE, first.exitCode(), first.err());
        assertEquals(
                "1 of 6", SmallTraining.info(out.resolve("best.safetensors")).get("step"));
        Map<String, String> end = results();
        List<String> again = new ArrayList<>(List.of(options));
        again.addAll(List.of(
                "--resume", out.resolve("checkpoint-00000004.safetensors").toString()));
        Run repeated = SmallTraining.run(text, out, again.toArray(new String[0]));
        assertEquals(ExitCode.DONE, repeated.exitCode(), repeated.err());
        assertResults(end, "after step 4");
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    @Test
    void aRunThatWouldEndBeforeTheFinishedOneDoesNotReplaceIt() throws IOException {
        Run first = Run.of(documents("--schedule", "constant"));
        assertEquals(ExitCode.DONE, first.exitCode(), first.err());
        Map<String, byte[]> before = contents();
        String file = out.resolve("checkpoint-00000002.safetensors").toString();
        Run refused = Run.of(documents("--schedule", "constant", "--steps", "4", "--resume", file));
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .contains("--resume " + file + ": the run would end after step 4, but would replace the"
                                + " finished run in " + out + ", which has 6 steps\nhint: give --steps 6, or copy"),
                refused.err());
        assertUntouched(before);
        assertFalse(Files.exists(out.resolve("unfinished")));
    }

    @Test
    void anUnfinishedRunIsNotReplacedByOneResumedFromAnEarlierCheckpoint() throws IOException {
        Run.of(documents());
        stopped(3, "--seed", "7", "--overwrite");
        Map<String, byte[]> before = contents();
        byte[] unfinished = Files.readAllBytes(out.resolve("unfinished/checkpoint.safetensors"));
        Run refused = stoppedAfterResuming("checkpoint-00000002.safetensors", 5);
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains(" already has another run in it, unfinished"), refused.err());
        assertUntouched(before);
        assertArrayEquals(unfinished, Files.readAllBytes(out.resolve("unfinished/checkpoint.safetensors")));
    }

    /** A file of another program, or of the user, with the name of a file of a run. */
    private void putForeign(String name) throws IOException {
        if (name.endsWith("-weights.safetensors")) {
            NamedTensor weight = new NamedTensor("w", Shape.of(2), new double[2]);
            Path file = out.resolve(name.replace("-weights", ""));
            Safetensors.write(file, Map.of("format", "pt"), List.of(weight));
        } else if (name.endsWith("-model.safetensors")) {
            Checkpoint.load(out.resolve("checkpoint.safetensors"))
                    .trainedModel()
                    .save(out.resolve(name.replace("-model", "")));
        } else {
            Files.writeString(out.resolve(name), "mine\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "best-weights.safetensors",
                "best-model.safetensors",
                "best.safetensors",
                "checkpoint-00000500.safetensors",
                "checkpoint-00000500-weights.safetensors",
                "metrics.jsonl",
                "report.html"
            })
    void whatIsNotOfARunIsNeitherDeletedNorReplaced(String name) throws IOException {
        finish();
        putForeign(name);
        Map<String, byte[]> before = contents();
        for (String[] again : new String[][] {{"--overwrite"}, {"--seed", "7", "--overwrite"}, {}}) {
            Run refused = SmallTraining.run(text, out, again);
            int expected = name.equals("report.html") ? ExitCode.IO : ExitCode.FOLDER_IN_USE;
            assertEquals(expected, refused.exitCode(), refused.err());
            String file = name.replaceAll("-(weights|model)", "");
            assertTrue(refused.err().contains(file), refused.err());
            assertEquals("", refused.out());
            assertUntouched(before);
        }
        if (name.contains("-weights") || name.contains("-model")) {
            Run refused = SmallTraining.run(text, out, "--resume");
            assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
            assertUntouched(before);
        }
    }

    @Test
    void aDamagedCheckpointIsOfARun() throws IOException {
        finish();
        Path best = out.resolve("best.safetensors");
        byte[] damaged = Files.readAllBytes(best);
        damaged[damaged.length - 9] ^= 1;
        Files.write(best, Arrays.copyOf(damaged, damaged.length - 8));
        Run run = SmallTraining.run(text, out, "--overwrite");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    /** As a process, which a signal stops. */
    @Test
    void aSignalLeavesTheFinishedRunAsItIs() throws Exception {
        finish();
        Map<String, byte[]> before = contents();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + WorkEstimate.LONG_FROM + "=Infinity",
                "dev.microgpt.cli.Main"));
        command.addAll(List.of(documents("--overwrite", "--steps", "100000000")));
        Path said = folder.resolve("stderr");
        Process process =
                new ProcessBuilder(command).redirectError(said.toFile()).start();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("step")) {
                line = lines.readLine();
            }
            process.toHandle().destroy(); // SIGTERM, where there are signals
            while (line != null) {
                line = lines.readLine();
            }
        }
        process.waitFor();
        assertUntouched(before);
        boolean signals = ProcessHandle.current().supportsNormalTermination();
        assertEquals(signals, Files.exists(out.resolve("unfinished/checkpoint.safetensors")), Files.readString(said));
    }

    @Test
    void aRunThatDivergesLeavesTheFinishedOneAsItIs() throws IOException {
        finish();
        Map<String, byte[]> before = contents();
        Run run = SmallTraining.run(
                text, out, "--overwrite", "--checkpoint-interval", "1", "--learning-rate", "1e300", "--grad-clip", "0");
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertUntouched(before);
    }

    /** A disk that fails from one operation on leaves what a crash there leaves. */
    @ParameterizedTest
    @ValueSource(strings = {"--seed 7 --overwrite", "--resume @/checkpoint-00000002.safetensors"})
    void aFinishedRunIsThereWhateverInterrupts(String again) throws IOException {
        String[] options = again.replace("@", out.toString()).split(" ");
        Run other = Run.of(documents("--seed", again.contains("--seed") ? "7" : "42"));
        assertEquals(ExitCode.DONE, other.exitCode(), other.err());
        Map<String, String> end = results();
        Run finished = Run.of(documents("--overwrite"));
        assertEquals(ExitCode.DONE, finished.exitCode(), finished.err());
        Map<String, byte[]> former = contents();
        boolean failed = true;
        int resumed = 0;
        // in a build every third operation, and others with the other options
        int step = Boolean.getBoolean("microgpt.test.nightly") ? 1 : 3;
        for (int operation = again.contains("--seed") ? 0 : step - 1; failed; operation += step) {
            clearFolder();
            for (Map.Entry<String, byte[]> file : former.entrySet()) {
                Files.write(out.resolve(file.getKey()), file.getValue());
            }
            OtherDisk dying = OtherDisk.use(new DyingDisk(Disk.operations(), operation));
            try {
                failed = Run.of(documents(options)).exitCode() != ExitCode.DONE;
            } finally {
                dying.close();
            }
            String where = "operation " + operation;
            assertEquals("6 of 6", SmallTraining.info(out).get("step"), where);
            boolean started = Files.exists(out.resolve("unfinished/checkpoint-00000002.safetensors"))
                    || !Arrays.equals(
                            former.get("checkpoint.safetensors"),
                            Files.readAllBytes(out.resolve("checkpoint.safetensors")))
                    || Files.exists(out.resolve("unfinished/complete.safetensors"))
                    || !Arrays.equals(former.get("metrics.jsonl"), Files.readAllBytes(out.resolve("metrics.jsonl")));
            if (started) {
                Run run = Run.of(documents("--resume"));
                assertEquals(ExitCode.DONE, run.exitCode(), where + run.err());
                assertResults(end, where);
                assertFalse(Files.exists(out.resolve("unfinished")), where);
                resumed++;
            } else {
                assertUntouched(former);
            }
        }
        assertTrue(resumed > 20 / step, resumed + " resumed");
    }

    private void clearFolder() throws IOException {
        for (Path place : List.of(out.resolve("unfinished"), out)) {
            String[] names = place.toFile().list();
            for (String name : names == null ? new String[0] : names) {
                Files.delete(place.resolve(name));
            }
            if (!place.equals(out)) {
                Files.deleteIfExists(place);
            }
        }
    }
}
