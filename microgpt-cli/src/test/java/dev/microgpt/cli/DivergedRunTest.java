package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files and the message that a diverged run leaves. */
class DivergedRunTest {
    private static final String HINT =
            "hint: lower --learning-rate, or clip the gradients with --grad-clip 1; the last checkpoint is unchanged";

    @TempDir
    Path folder;

    @Test
    void theStepAndTheOperationAreNamedAndTheLastCheckpointStays() throws IOException {
        Run diverged = train("--learning-rate", "1e300", "--steps", "9", "--checkpoint-interval", "1");
        assertTold("microgpt: training diverged in step 2: .* operation [0-9]+, .*", diverged);
        // the weights after the first step are as large as the rate, but finite
        Path last = folder.resolve("out/checkpoint-00000001.safetensors");
        assertEquals(1, Checkpoint.load(last).step());
        assertEquals(Set.of("checkpoint-00000001.safetensors", ".lock"), names(folder.resolve("out")));
    }

    /** The weights after the last step are finite, but what the model makes of them is not. */
    @Test
    void anEvaluationThatIsNotFiniteEndsTheRun() throws IOException {
        Run diverged = train("--learning-rate", "1e110", "--steps", "1", "--val-fraction", "0.3");
        assertTold("microgpt: evaluation after step 1: the loss is .* operation [0-9]+, .*", diverged);
        assertEquals(Set.of("checkpoint.safetensors", ".lock"), names(folder.resolve("out")));
    }

    /** The loss is finite in every step, and grows. */
    @Test
    void aRunThatDoesNotLearnIsWarnedOfOnceSavedAndFails() throws IOException {
        Run run = train("--learning-rate", "1e5", "--steps", "40", "--num-samples", "1");
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        String finding = "the mean training loss of recent steps is [0-9.e]+, but guessing among 11 tokens has 2.3979"
                + " and the first step had [0-9.]+";
        List<String> lines = run.err().lines().toList();
        String warning = "microgpt: warning: after step [0-9]+, the mean training loss .*, but guessing among 11 tokens"
                + " has 2.3979 and the first step had [0-9.]+; the model is not learning: lower --learning-rate, .*";
        assertEquals(1, lines.stream().filter(line -> line.matches(warning)).count(), run.err());
        assertEquals(1, run.err().split("warning").length - 1, run.err());
        assertTrue(lines.get(lines.size() - 2).matches("microgpt: the model has not learned: " + finding), run.err());
        assertEquals(
                "hint: the run is saved; start it again with other settings: lower --learning-rate, raise"
                        + " --warmup-steps, or clip the gradients with --grad-clip 1",
                lines.get(lines.size() - 1));
        assertEquals(
                40,
                Checkpoint.load(folder.resolve("out/checkpoint.safetensors")).step());
        assertTrue(run.out().contains("sample  1: "), run.out());

        Run again = resume();
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
    }

    /** A resumed run does not know its first loss. */
    @Test
    void aRunThatDoesNotLearnFailsAlsoIfItIsResumed() throws IOException {
        train("--learning-rate", "1e5", "--steps", "40", "--checkpoint-interval", "10", "--keep", "9");
        Files.delete(folder.resolve("out/checkpoint.safetensors"));
        Files.delete(folder.resolve("out/checkpoint-00000040.safetensors"));
        Run run = resume();
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertTrue(run.err().contains(", but guessing among 11 tokens has 2.3979\nhint: "), run.err());
    }

    private Run resume() {
        return Run.of(
                "train",
                "--data",
                folder.resolve("names.txt").toString(),
                "--resume",
                folder.resolve("out").toString());
    }

    @Test
    void aRunOfOneStepOrWithNoisyLossesIsNoFailure() throws IOException {
        for (String[] options : new String[][] {
            {"--steps", "1", "--learning-rate", "1e5"}, {"--steps", "2"}, {"--steps", "60", "--learning-rate", "0.05"}
        }) {
            Run run = train(options);
            assertEquals(ExitCode.DONE, run.exitCode(), run.err());
            assertFalse(run.err().contains("warning"), run.err());
            Files.delete(folder.resolve("out/checkpoint.safetensors"));
        }
    }

    private Run train(String... more) throws IOException {
        Path data = Files.writeString(folder.resolve("names.txt"), "anna\nemma\nolivia\nkaren\n");
        Path out = folder.resolve("out");
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--out", out.toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static void assertTold(String pattern, Run run) {
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        List<String> lines = run.err().lines().toList();
        List<String> told = lines.subList(lines.size() - 2, lines.size());
        assertTrue(told.get(0).matches(pattern), run.err());
        assertEquals(HINT, told.get(1));
        assertFalse(run.err().contains("Exception") || run.err().contains("\tat "), run.err());
    }
}
