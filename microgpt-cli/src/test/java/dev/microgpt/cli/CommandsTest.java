package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    @TempDir
    Path folder;

    private Run train(String... more) {
        List<String> args = new ArrayList<>(
                List.of("train", "--steps", "5", "--out", folder.resolve("out").toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    @Test
    void trainPrintsMicrogptsLines() {
        Run run = train("--num-samples", "2");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals("num docs: 29800", lines.get(0));
        assertEquals("vocab size: 27", lines.get(1));
        assertEquals("num params: 4192", lines.get(2));
        assertEquals("step    1 /    5 | loss 3.4005", lines.get(3));
        assertEquals("", lines.get(8));
        assertEquals("--- inference (new, hallucinated names) ---", lines.get(9));
        assertTrue(lines.get(10).startsWith("sample  1: "), lines.get(10));
        assertEquals(12, lines.size());
        assertTrue(run.err().contains("checkpoint.safetensors"), run.err());
    }

    @Test
    void nothingButTheCheckpointAndAnEmptyLockAreLeftInTheFolder() throws IOException {
        train();
        train("--learning-rate", "1e300", "--overwrite");
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertEquals(
                    List.of(folder.resolve("out/.lock"), folder.resolve("out/checkpoint.safetensors")),
                    files.sorted().toList());
        }
    }

    @Test
    void quietLeavesOnlyResults() {
        assertEquals("", train("--quiet").err());
        String out = folder.resolve("out").toString();
        assertEquals(
                "", Run.of("--quiet", "train", "--steps", "5", "--out", out).err());
        assertEquals(
                "",
                Run.of("--quiet", "train", "--steps", "5", "--out", out, "--quiet")
                        .err(),
                "twice is not never");
    }

    @Test
    void metricsHoldEveryStepInFullPrecision() throws IOException {
        Path metrics = folder.resolve("metrics.jsonl");
        train("--metrics", metrics.toString());
        List<String> lines = Files.readAllLines(metrics);
        assertEquals(5, lines.size());
        // the loss of step 1 as microgpt.py has it is 3.40048653348905
        assertTrue(
                lines.get(0)
                        .matches("\\{\"step\":1,\"loss\":3\\.400486533489\\d*,\"learning_rate\":0\\.01,"
                                + "\"gradient_norm\":[\\d.]+,\"tokens\":\\d+,\"tokens_per_second\":[\\d.E]+}"),
                lines.get(0));
    }

    @Test
    void theSameRunMayBeRepeatedAndEndsWithTheSameBytes() throws IOException {
        train();
        Path checkpoint = folder.resolve("out/checkpoint.safetensors");
        byte[] first = Files.readAllBytes(checkpoint);
        assertEquals(ExitCode.DONE, train().exitCode());
        assertArrayEquals(first, Files.readAllBytes(checkpoint));
    }

    @Test
    void anotherRunIsNotOverwrittenUnasked() throws IOException {
        train();
        Path checkpoint = folder.resolve("out/checkpoint.safetensors");
        byte[] first = Files.readAllBytes(checkpoint);
        Run refused = train("--seed", "7");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        assertEquals("", refused.out());
        assertArrayEquals(first, Files.readAllBytes(checkpoint));
        assertEquals(ExitCode.DONE, train("--seed", "7", "--overwrite").exitCode());
    }

    @Test
    void sampleStartsFromItsOwnSeedAndKeepsThePrompt() {
        train();
        String checkpoint = folder.resolve("out").toString();
        Run three = Run.of("sample", "--checkpoint", checkpoint, "--num-samples", "3", "--prompt", "ka");
        Run five = Run.of("sample", "--checkpoint", checkpoint, "--num-samples", "5", "--prompt", "ka");
        assertEquals(ExitCode.DONE, three.exitCode(), three.err());
        assertEquals(3, three.out().lines().count());
        assertTrue(three.out().lines().allMatch(line -> line.startsWith("ka")), three.out());
        assertTrue(five.out().startsWith(three.out()), "a sample does not depend on how many are asked for");
    }

    @Test
    void unknownCharacterInAPromptIsShown() {
        train();
        Run run = Run.of("sample", "--checkpoint", folder.resolve("out").toString(), "--prompt", "k\u00E4");
        assertEquals(ExitCode.CONTENT, run.exitCode());
        assertTrue(run.err().contains("U+00E4"), run.err());
    }

    @Test
    void infoNamesWhatTheCheckpointHolds() {
        train();
        Run run = Run.of("info", "--checkpoint", folder.resolve("out").toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("step: 5 of 5"), run.out());
        assertTrue(run.out().contains("num params: 4192"), run.out());
        assertTrue(run.out().contains("tokenizer: characters abcdefghijklmnopqrstuvwxyz"), run.out());
    }

    @Test
    void theNumberOfThreadsReachesTheKernelsAndNoFile() throws IOException {
        train("--metrics", folder.resolve("metrics.jsonl").toString());
        byte[] checkpoint = Files.readAllBytes(folder.resolve("out/checkpoint.safetensors"));
        List<String> metrics = metricsWithoutSpeed();
        try {
            Run run = train(
                    "--threads",
                    "1",
                    "--metrics",
                    folder.resolve("metrics.jsonl").toString());
            assertEquals(ExitCode.DONE, run.exitCode(), "the folder holds the same run: " + run.err());
            assertEquals("1", System.getProperty(Threads.PROPERTY));
        } finally {
            System.clearProperty(Threads.PROPERTY);
        }
        assertArrayEquals(checkpoint, Files.readAllBytes(folder.resolve("out/checkpoint.safetensors")));
        assertEquals(metrics, metricsWithoutSpeed());
    }

    private List<String> metricsWithoutSpeed() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
            assertTrue(line.contains(",\"tokens_per_second\":"), line);
            lines.add(line.replaceFirst(",\"tokens_per_second\":.*", ""));
        }
        return lines;
    }

    @Test
    void moreThreadsThanProcessorsAreNotedAndAccepted() {
        String tooMany = Integer.toString(Runtime.getRuntime().availableProcessors() + 1);
        String checkpoint = folder.resolve("out").toString();
        train();
        try {
            Run run = Run.of("sample", "--checkpoint", checkpoint, "--threads", tooMany);
            assertEquals(ExitCode.DONE, run.exitCode());
            assertTrue(run.err().startsWith("microgpt: note: --threads " + tooMany + " is more than the "), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertEquals(
                    "",
                    Run.of("sample", "--checkpoint", checkpoint, "--threads", tooMany, "--quiet")
                            .err());
        } finally {
            System.clearProperty(Threads.PROPERTY);
        }
    }

    @Test
    void outputDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            String expected = train().out();
            for (String tag : List.of("de-DE", "tr-TR", "ar-EG")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, train().out());
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void helpAndVersionAreResults() {
        Run help = Run.of("train", "--help");
        assertEquals(ExitCode.DONE, help.exitCode());
        assertTrue(help.out().contains("--learning-rate"), help.out());
        assertEquals("", help.err());
        Run version = Run.of("--version");
        assertEquals(ExitCode.DONE, version.exitCode());
        assertTrue(version.out().contains("kernels"), version.out());
    }

    @Test
    void resultsThatCannotBeWrittenAreAnError() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Terminal terminal = new Terminal(full, OutputStream.nullOutputStream());
        assertEquals(ExitCode.IO, Main.run(terminal, "train", "--steps", "1", "--out", folder.toString()));
    }

    @Test
    void divergedTrainingEndsWithItsOwnExitCode() {
        Run run = train("--learning-rate", "1e300");
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertTrue(run.err().contains("training diverged in step "), run.err());
        assertFalse(Files.exists(folder.resolve("out/checkpoint.safetensors")));
    }

    @Test
    void divergenceInTheLastStepIsNoticed() {
        Run run = Run.of(
                "train",
                "--steps",
                "1",
                "--learning-rate",
                "1e300",
                "--out",
                folder.resolve("out").toString());
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertTrue(run.err().contains("diverged in its last step"), run.err());
    }

    @Test
    void metricsReplaceFormerMetricsAndNothingElse() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.txt"), "anna\nemma\n");
        Run refused = train("--metrics", mine.toString(), "--data", mine.toString());
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertEquals("", refused.out());
        assertEquals("anna\nemma\n", Files.readString(mine));
        Path metrics = folder.resolve("metrics.jsonl");
        train("--metrics", metrics.toString());
        assertEquals(ExitCode.DONE, train("--metrics", metrics.toString()).exitCode());
        assertEquals(5, Files.readAllLines(metrics).size());
    }

    @Test
    void controlCharactersOfAnAlphabetDoNotReachTheTerminal() throws IOException {
        Path data = Files.writeString(folder.resolve("escape.txt"), "a\u001B[31mb\n");
        train("--data", data.toString());
        Run run = Run.of("info", "--checkpoint", folder.resolve("out").toString());
        assertTrue(run.out().contains("tokenizer: characters \\u001b13[abm"), run.out());
    }
}
