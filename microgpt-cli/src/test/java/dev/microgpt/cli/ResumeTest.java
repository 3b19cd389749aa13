package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --resume}: a stopped and resumed run ends like one that never stopped. */
class ResumeTest {
    /** The number of steps of the run, which is stopped after each of them. */
    private static final int STEPS = Boolean.getBoolean("microgpt.test.nightly") ? 50 : 9;

    private static final String SIZE = "--n-layer 1 --n-head 2 --n-embd 8 --block-size 8 --batch-size 2 --steps 9"
            + " --dropout 0.2 --gradient-accumulation-steps 2 --learning-rate 0.1 --warmup-steps 2"
            + " --val-fraction 0.3 --eval-interval 1 --eval-steps 1 --num-samples 3";

    private static int stops;

    @TempDir
    Path folder;

    private Path text;
    private Path straight;
    private Path broken;

    @BeforeEach
    void writeText() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) { // all different, and more than the run sees
            lines.append(SmallTraining.TEXT, 3 * i, 40).append(i * i).append('\n');
        }
        text = Files.writeString(folder.resolve("text.txt"), lines);
        straight = folder.resolve("straight");
        broken = folder.resolve("broken");
    }

    /** Runs {@code train} with options that are divided by spaces. */
    private static Run train(Path out, Path data, String options, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--out", out.toString()));
        args.addAll(List.of(options.split(" ")));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static String metrics(Path run) throws IOException {
        return Files.readString(run.resolve("metrics.jsonl"))
                .replaceAll("\"tokens_per_second\":[^}]*", "\"tokens_per_second\":0");
    }

    private void assertEndsAlike(Run expected, Run resumed, String when) throws IOException {
        done(resumed);
        for (String file : List.of("checkpoint.safetensors", "best.safetensors")) {
            byte[] bytes = Files.readAllBytes(straight.resolve(file));
            assertArrayEquals(bytes, Files.readAllBytes(broken.resolve(file)), file + " " + when);
        }
        assertEquals(metrics(straight), metrics(broken), when);
        assertEquals(samples(expected), samples(resumed), when);
        assertTrue(Files.readString(broken.resolve("report.html")).contains("</html>"), when);
    }

    private static String samples(Run run) {
        return run.out().substring(run.out().indexOf("\n--- "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano", "microgpt"})
    void afterEveryStepItIsAsIfTheRunHadNeverStopped(String preset) throws IOException {
        String options =
                "--preset " + preset + " --report --samples 1 " + SIZE.replace("--steps 9", "--steps " + STEPS);
        Run whole = done(train(straight, text, options, "--checkpoint-interval", "1", "--keep", "99"));
        assertTrue(metrics(straight).contains("\"best\":true"), "something is measured");
        // so that an evaluation is not taken for the best because former ones were forgotten
        assertTrue(metrics(straight).contains("\"best\":false"), "not all evaluations are the best");
        for (int step = 1; step <= STEPS; step++) {
            SmallTraining.breakOff(straight, broken, step);
            Run resumed = train(broken, text, options, "--resume", "--threads", Integer.toString(1 + step % 3));
            assertEndsAlike(whole, resumed, "after step " + step);
            stops++;
            assertTrue(
                    step == STEPS
                            ? resumed.err().contains("this run is finished: all " + STEPS + " steps are done")
                            : resumed.err()
                                    .contains("resuming after step " + step + " of " + STEPS + ", from " + broken),
                    resumed.err());
        }
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = stops + " stops in two runs of " + STEPS + " steps tried, " + stops
                + " gone on from with 1 to 3 threads to the same bytes";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    @Test
    void theEventFileHasAlsoTheStepsThatWereDoneWithoutIt() throws IOException {
        String options = "--preset nano --tensorboard " + SIZE;
        done(train(straight, text, options, "--checkpoint-interval", "1", "--keep", "99"));
        SmallTraining.breakOff(straight, broken, 5);
        done(train(broken, text, options, "--resume"));
        assertEquals(tags(straight), tags(broken));
    }

    private static List<String> tags(Path run) throws IOException {
        String events = Files.readString(run.resolve("metrics.tfevents"), StandardCharsets.ISO_8859_1);
        return Pattern.compile("(train|validation)/\\w+")
                .matcher(events)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void theCheckpointSaysAllThatIsNeededButTheData() throws IOException {
        Run whole = done(train(straight, text, "--preset nano " + SIZE, "--checkpoint-interval", "1", "--keep", "99"));
        SmallTraining.breakOff(straight, broken, 4);
        String[] args = {"train", "--data", text.toString(), "--eval-interval", "1", "--eval-steps", "1"};
        List<String> withFolder = new ArrayList<>(List.of(args));
        withFolder.addAll(List.of("--num-samples", "3", "--resume", broken.toString()));
        assertEndsAlike(whole, Run.of(withFolder.toArray(new String[0])), "by its folder");
        SmallTraining.breakOff(straight, broken, 5);
        withFolder.set(
                withFolder.size() - 1, new RunCheckpoints(broken).after(5).toString());
        assertEndsAlike(whole, Run.of(withFolder.toArray(new String[0])), "by the file");
    }

    @Test
    void aRunThatBeganWithAnotherModelGoesOnLikewise() throws IOException {
        Path first = folder.resolve("first");
        done(train(first, text, "--preset nano " + SIZE));
        String options = "--preset nano --steps 9 --batch-size 3 --warmup-steps 0 --eval-interval 2 --num-samples 2";
        Run whole = done(train(
                straight, text, options, "--init-from", first.toString(), "--checkpoint-interval", "1", "--keep", "9"));
        SmallTraining.breakOff(straight, broken, 5);
        assertEndsAlike(whole, train(broken, text, options, "--resume"), "after step 5");
    }

    @Test
    void preparedDataGoesOnLikewise() throws IOException {
        Path corpus = folder.resolve("corpus");
        done(Run.of("data", "prepare", "--data", text.toString(), "--val-fraction", "0.3", "--out", corpus.toString()));
        String options = "--preset nano " + SIZE.replace("--val-fraction 0.3 ", "");
        Run whole = done(train(straight, corpus, options, "--checkpoint-interval", "1", "--keep", "9"));
        SmallTraining.breakOff(straight, broken, 4);
        assertEndsAlike(whole, train(broken, corpus, options, "--resume"), "after step 4");
    }

    @Test
    void theLatestThatVerifiesIsTakenWithAWarning() throws IOException {
        String options = "--preset nano " + SIZE;
        Run whole = done(train(straight, text, options, "--checkpoint-interval", "1", "--keep", "99"));
        SmallTraining.breakOff(straight, broken, 5);
        byte[] good = Files.readAllBytes(new RunCheckpoints(broken).after(5));
        good[good.length - 3] ^= 1;
        Files.write(new RunCheckpoints(broken).after(7), good);
        Run resumed = train(broken, text, options, "--resume");
        done(resumed);
        assertTrue(
                resumed.err().startsWith("microgpt: warning: skipping " + new RunCheckpoints(broken).after(7) + ": "),
                resumed.err());
        assertTrue(resumed.err().contains("resuming after step 5 of 9"), resumed.err());
        assertEquals(samples(whole), samples(resumed));
    }

    @ParameterizedTest
    @CsvSource({
        "--batch-size 3, --batch-size is 3, 2",
        "--seed 7, --seed is 7, 42",
        "--n-embd 16, --n-embd is 16, 8",
        "--dropout 0, --dropout is 0.0, 0.2",
        "--bias, --bias is true, false",
        "--steps 10, --steps is 10, 9",
        "--val-fraction 0.1, --val-fraction is 0.1, 0.3",
        "--format documents, --format is documents, text",
        "--tokenizer byte, --tokenizer is another tokenizer, the tokenizer in it",
        "--preset gpt2, --steps is 600000, 9",
        "--overwrite, --resume and --overwrite cannot be used together,",
        "--init-from x, --resume and --init-from cannot be used together,",
    })
    void whatContradictsTheRunIsRefusedByName(String option, String message, @Nullable String stored)
            throws IOException {
        done(train(straight, text, "--preset nano " + SIZE, "--checkpoint-interval", "5"));
        SmallTraining.breakOff(straight, broken, 5);
        byte[] before = Files.readAllBytes(broken.resolve("metrics.jsonl"));
        String[] args = option.split(" ");
        Run refused = train(broken, text, "--resume --keep 1", args);
        assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
        String file = broken.resolve("checkpoint-00000005.safetensors").toString();
        String rest = stored == null ? "" : ", but " + file + " was trained with " + stored + "\n";
        assertTrue(refused.err().startsWith("microgpt: " + message + rest), refused.err());
        assertTrue(refused.err().lines().count() <= 3, refused.err());
        assertEquals("", refused.out());
        assertArrayEquals(before, Files.readAllBytes(broken.resolve("metrics.jsonl")), "nothing is changed");
        assertFalse(Files.exists(broken.resolve("checkpoint.safetensors")));
    }

    /** No step of a constant rate depends on how many there are. */
    @Test
    void aRunWithAConstantRateMayBecomeLonger() throws IOException {
        String options = "--preset nano --schedule constant " + SIZE;
        done(train(straight, text, options.replace("--steps 9", "--steps 12")));
        done(train(broken, text, options));
        done(train(broken, text, options.replace("--steps 9", "--steps 12"), "--resume"));
        assertEquals(SmallTraining.metrics(straight, "loss"), SmallTraining.metrics(broken, "loss"));
        assertEquals("12 of 12", SmallTraining.info(broken).get("step"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"another text of the same kind\n", "\u00E4 character that the model has no token for\n"})
    void otherDataIsRefusedWithBothHashes(String line) throws IOException {
        done(train(straight, text, "--preset nano " + SIZE, "--checkpoint-interval", "5"));
        SmallTraining.breakOff(straight, broken, 5);
        Path other = Files.writeString(folder.resolve("other.txt"), line.repeat(20), StandardCharsets.UTF_8);
        Run refused = train(broken, other, "--resume");
        assertEquals(ExitCode.CONTENT, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .matches("(?s).*--data has SHA-256 \\p{XDigit}{64}, but .* was trained on data with SHA-256"
                                + " \\p{XDigit}{64}\n.*"),
                refused.err());
        assertTrue(refused.err().lines().count() <= 3, refused.err());
    }

    @Test
    void withoutACheckpointThereIsNothingToGoOnWith() throws IOException {
        Run none = train(broken, text, "--resume");
        assertEquals(ExitCode.CONTENT, none.exitCode(), none.err());
        assertTrue(none.err().contains("--resume: there is no checkpoint in " + broken), none.err());
        assertFalse(Files.exists(broken));
        Files.createDirectories(broken);
        Files.write(broken.resolve("checkpoint.safetensors"), new byte[9]);
        Run damaged = train(broken, text, "--resume");
        assertEquals(ExitCode.CONTENT, damaged.exitCode(), damaged.err());
        assertTrue(damaged.err().contains("--resume: there is no undamaged checkpoint in " + broken), damaged.err());
        assertEquals(
                ExitCode.IO,
                train(broken, text, "--resume " + folder.resolve("none")).exitCode());
    }

    @Test
    void anotherFolderBesideTheNamedOneIsRefused() throws IOException {
        done(train(straight, text, "--preset nano " + SIZE));
        Run refused = train(broken, text, "--resume " + straight);
        assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
        assertFalse(Files.exists(broken));
    }
}
