package dev.microgpt.cli;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of the preset nano on a text: what they print, and what they leave in their folder. */
class TextTrainingTest {
    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    private Run train(String... options) {
        Run run = SmallTraining.run(text, out, options);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    @Test
    void theSizesAreResultsAndTheProgressIsTalk() {
        Run run = train("--log-interval", "4", "--num-samples", "1");
        List<String> lines = run.out().lines().toList();
        assertEquals(
                List.of("num tokens: 396", "num validation tokens: 44", "vocab size: 29", "num params: 1088"),
                lines.subList(0, 4));
        assertEquals(List.of("", "--- samples ---"), lines.subList(4, 6));
        assertTrue(lines.get(6).startsWith("sample  1: "), lines.get(6));
        List<String> talk = run.err().lines().toList();
        assertTrue(talk.get(0).endsWith("kernels, writing " + out.resolve("checkpoint.safetensors")), talk.get(0));
        assertTrue(talk.get(1).startsWith("microgpt: note: --steps is 6 and --warmup-steps is 100, "), talk.get(1));
        assertTrue(talk.get(2).matches("step 4 / 6 \\| mean training loss \\d\\.\\d{4} .*"), talk.get(2));
        assertTrue(talk.get(3).matches("step 6 / 6 \\| mean training loss .*"), talk.get(3));
        assertTrue(
                talk.get(4)
                        .matches("step 6 \\| validation loss \\d\\.\\d{4} \\| perplexity \\d+\\.\\d\\d"
                                + " \\| \\d\\.\\d\\d bits per token \\| best"),
                talk.get(4));
        Path last = out.resolve("checkpoint.safetensors");
        assertEquals("microgpt: trained 6 steps; the model is " + last, talk.get(5));
        assertEquals("the report is " + out.resolve("report.html") + "; open it in a browser", talk.get(6));
        assertTrue(talk.get(7).matches("training loss \\d\\.\\d{4} \\(mean of recent steps\\)"), talk.get(7));
        assertTrue(talk.get(8).matches("\\d\\.\\d{4} [_.:=+*#-]{6} \\d\\.\\d{4}"), talk.get(8));
        assertTrue(talk.get(9).matches("validation loss \\d\\.\\d{4} at step 6, the best so far"), talk.get(9));
        assertEquals(
                List.of(
                        "verdict: too few steps to tell whether the loss still falls",
                        "next:",
                        "    microgpt sample --checkpoint " + out,
                        "    microgpt train --resume --steps 12 --extend"),
                talk.subList(10, talk.size()).stream()
                        .map(line -> line.replaceAll("train .*--resume", "train --resume"))
                        .toList());
    }

    @Test
    void metricsHoldStepsAndEvaluations() throws IOException {
        train("--eval-interval", "4", "--eval-steps", "1");
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl"));
        assertEquals(8, lines.size(), "6 steps, evaluations after the 4th and the last");
        assertTrue(lines.get(0).startsWith("{\"step\":1,\"loss\":3."), lines.get(0));
        assertTrue(lines.get(0).contains("\"tokens\":16,"), "2 crops of 8 positions: " + lines.get(0));
        assertTrue(lines.get(4).startsWith("{\"step\":4,\"validation_loss\":"), lines.get(4));
        assertTrue(lines.get(7).startsWith("{\"step\":6,\"validation_loss\":"), lines.get(7));
    }

    @Test
    void theLastEvaluationTakesAllThatIsHeldBack() throws IOException {
        train("--eval-interval", "3", "--eval-steps", "1");
        List<Double> sampled = SmallTraining.metrics(out, "validation_loss");
        train("--eval-interval", "3", "--eval-steps", "0");
        List<Double> whole = SmallTraining.metrics(out, "validation_loss");
        assertEquals(2, whole.size());
        assertFalse(whole.get(0).equals(sampled.get(0)), "one of three batches is not all of them");
        assertEquals(whole.get(1), sampled.get(1));
    }

    @Test
    void evaluationsAndSamplesDoNotChangeTheModel() throws IOException {
        train("--dropout", "0.2");
        Safetensors expected = Safetensors.read(out.resolve("checkpoint.safetensors"));
        train("--dropout", "0.2", "--eval-interval", "1", "--eval-steps", "1", "--samples", "2", "--num-samples", "3");
        Safetensors measured = Safetensors.read(out.resolve("checkpoint.safetensors"));
        for (int i = 0; i < expected.tensors().size(); i++) {
            assertArrayEquals(
                    expected.tensors().get(i).data(), measured.tensors().get(i).data());
        }
        for (String entry : expected.metadata().keySet()) {
            if (entry.equals("progress")) { // which has the best loss that was measured
                assertEquals(
                        "{\"step\":6,\"best_loss\":null}", expected.metadata().get(entry));
            } else {
                assertEquals(expected.metadata().get(entry), measured.metadata().get(entry));
            }
        }
    }

    @Test
    void theBestModelIsKeptWhenALaterOneIsWorse() throws IOException {
        // what is held back has another character than what is trained on, which a head of its own learns to avoid
        Files.writeString(text, "ab".repeat(45) + "c".repeat(10));
        train("--no-tie-head", "--eval-interval", "1", "--learning-rate", "0.05", "--warmup-steps", "0");
        List<Double> losses = SmallTraining.metrics(out, "validation_loss");
        assertTrue(losses.get(5) > losses.get(0), losses.toString());
        assertEquals("6 of 6", SmallTraining.info(out).get("step"));
        assertEquals(
                "1 of 6", SmallTraining.info(out.resolve("best.safetensors")).get("step"));
    }

    /** The losses before are of a sample, one of two batches. */
    @Test
    void theLastLossesAreOfTheWholeSplitForTheBestModelToo() throws IOException {
        String held = "acbcaccbcc";
        Files.writeString(text, "ab".repeat(45) + held);
        List<String> options = new ArrayList<>(List.of(
                "--no-tie-head",
                "--eval-interval",
                "1",
                "--eval-steps",
                "1",
                "--batch-size",
                "1",
                "--learning-rate",
                "0.05",
                "--warmup-steps",
                "0"));
        Run run = train(options.toArray(new String[0]));
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl"));
        assertTrue(lines.get(11).startsWith("{\"step\":6,\"validation_loss\":"), lines.get(11));
        assertTrue(lines.get(11).endsWith("\"best\":false}"), lines.get(11));
        assertTrue(lines.get(12).startsWith("{\"step\":1,\"validation_loss\":"), lines.get(12));
        assertTrue(lines.get(12).endsWith("\"best\":true}"), lines.get(12));
        List<Double> losses = SmallTraining.metrics(out, "validation_loss");
        assertFalse(losses.get(0).equals(losses.get(6)), "the same model on one batch and on two: " + losses);
        Path split = Files.writeString(folder.resolve("split.txt"), held);
        for (String name : List.of("checkpoint", "best")) {
            Run eval = Run.of(
                    "eval", "--checkpoint", out.resolve(name + ".safetensors").toString(), "--data", split.toString());
            double loss = losses.get(name.equals("best") ? 6 : 5);
            assertTrue(eval.out().contains("\nloss: " + Format.fixed(loss, 6)), eval.out() + loss);
            assertTrue(run.err().contains("validation loss " + Format.fixed(loss, 4)), run.err() + loss);
        }
        assertTrue(run.err().contains("step 1 | validation loss " + Format.fixed(losses.get(6), 4)), run.err());
        assertTrue(Files.readString(out.resolve("report.html"))
                .contains("the best was " + Format.fixed(losses.get(6), 4) + " at step 1."));

        byte[] metrics = Files.readAllBytes(out.resolve("metrics.jsonl"));
        options.add("--resume");
        train(options.toArray(new String[0]));
        assertArrayEquals(metrics, Files.readAllBytes(out.resolve("metrics.jsonl")), "a finished run repeats them");
    }

    /** A checkpoint of a former version has the lowest loss of other samples. */
    @Test
    void aResumedRunComparesLossesOfItsOwnSample() throws IOException {
        String[] options = {
            "--eval-interval",
            "1",
            "--eval-steps",
            "1",
            "--batch-size",
            "1",
            "--checkpoint-interval",
            "1",
            "--keep",
            "9",
            "--learning-rate",
            "0.05",
            "--warmup-steps",
            "0"
        };
        train(options);
        List<Double> straight = SmallTraining.metrics(out, "validation_loss");
        for (String name : List.of(
                "checkpoint.safetensors", "checkpoint-00000006.safetensors", "checkpoint-00000005.safetensors")) {
            Files.delete(out.resolve(name));
        }
        Path fourth = out.resolve("checkpoint-00000004.safetensors");
        Checkpoint saved = Checkpoint.load(fourth);
        new Checkpoint(
                        saved.training(),
                        saved.tokenizer(),
                        saved.model(),
                        saved.optimizer(),
                        4,
                        saved.random(),
                        saved.data(),
                        0.001)
                .save(fourth);
        Files.copy(out.resolve("checkpoint-00000002.safetensors"), out.resolve("best.safetensors"), REPLACE_EXISTING);
        List<String> again = new ArrayList<>(List.of(options));
        again.add("--resume");
        train(again.toArray(new String[0]));
        assertEquals(straight, SmallTraining.metrics(out, "validation_loss"));
        assertTrue(
                Files.readAllLines(out.resolve("metrics.jsonl")).get(9).endsWith("\"best\":true}"),
                straight.toString());
    }

    @Test
    void withNothingHeldBackNothingIsMeasured() throws IOException {
        Run run = train("--val-fraction", "0", "--eval-interval", "1");
        assertFalse(run.out().contains("validation"), run.out());
        assertFalse(run.err().contains("validation"), run.err());
        assertEquals(List.of(), SmallTraining.metrics(out, "validation_loss"));
        assertFalse(Files.exists(out.resolve("best.safetensors")));
    }

    @Test
    void samplesAreShownAtEachMeasurement() throws IOException {
        Run run = train("--samples", "2", "--eval-interval", "3", "--val-fraction", "0");
        assertEquals(
                4, run.err().lines().filter(line -> line.startsWith("sample: ")).count(), run.err());
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl"));
        assertEquals(8, lines.size());
        assertTrue(lines.get(3).startsWith("{\"step\":3,\"samples\":[\""), lines.get(3));
        assertTrue(lines.get(7).startsWith("{\"step\":6,\"samples\":[\""), lines.get(7));
        assertFalse(lines.get(3).substring(8).equals(lines.get(7).substring(8)), "drawn anew each time");
    }

    /** In both it is the most likely text. */
    @Test
    void samplesOfATextGoOnBeyondTheBlockAsThoseOfSampleDo() {
        String[] options = "--steps 60 --learning-rate 0.05 --warmup-steps 0 --batch-size 8 --num-samples 1".split(" ");
        String[] likeliest = Arrays.copyOf(options, options.length + 2);
        likeliest[options.length] = "--temperature";
        likeliest[options.length + 1] = "0";
        String printed = train(likeliest).out();
        String sample = Run.of("sample", out.toString(), "--temperature", "0", "--num-samples", "1")
                .out();
        assertEquals(300 + 1, sample.length(), sample);
        assertTrue(printed.endsWith("sample  1: " + sample), printed);
    }

    @Test
    void quietLeavesOnlyResults() {
        assertEquals("", train("--quiet", "--samples", "1").err());
    }

    @Test
    void withoutAReportThereAreNoMetrics() throws IOException {
        train("--no-report");
        assertFalse(Files.exists(out.resolve("metrics.jsonl")));
        train("--no-report", "--metrics", folder.resolve("other.jsonl").toString());
        assertFalse(Files.exists(out.resolve("metrics.jsonl")));
        assertEquals(7, Files.readAllLines(folder.resolve("other.jsonl")).size());
    }

    @Test
    void theSameSettingsGiveTheSameBytes() throws IOException {
        String[] options = {"--dropout", "0.1", "--eval-interval", "2"};
        train(options);
        Path first = out;
        out = folder.resolve("again");
        train(options);
        for (String name : List.of("checkpoint.safetensors", "best.safetensors")) {
            assertArrayEquals(Files.readAllBytes(first.resolve(name)), Files.readAllBytes(out.resolve(name)), name);
        }
        List<Double> losses = SmallTraining.metrics(out, "loss");
        train("--dropout", "0.1", "--eval-interval", "2", "--seed", "7", "--overwrite");
        assertFalse(losses.equals(SmallTraining.metrics(out, "loss")), "another seed");
        train("--dropout", "0", "--eval-interval", "2", "--overwrite");
        assertFalse(losses.equals(SmallTraining.metrics(out, "loss")), "no dropout");
    }

    @Test
    void theSameRunMayBeRepeatedAndAnotherMayNot() throws IOException {
        train();
        byte[] first = Files.readAllBytes(out.resolve("checkpoint.safetensors"));
        train();
        Run refused = SmallTraining.run(text, out, "--dropout", "0.1");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
        assertTrue(refused.err().contains(" already has another run in it, checkpoint.safetensors\n"), refused.err());
        assertEquals("", refused.out());
        assertEquals(
                ExitCode.FOLDER_IN_USE,
                SmallTraining.run(text, out, "--val-fraction", "0.2").exitCode());
        Files.writeString(text, SmallTraining.TEXT + "x");
        assertEquals(ExitCode.FOLDER_IN_USE, SmallTraining.run(text, out).exitCode(), "other data");
        assertArrayEquals(first, Files.readAllBytes(out.resolve("checkpoint.safetensors")));
        train("--overwrite");
    }

    @Test
    void theReportShowsTheLastSamples() throws IOException {
        train("--num-samples", "2");
        String metrics = Files.readString(out.resolve("metrics.jsonl"));
        assertTrue(metrics.lines().toList().get(7).startsWith("{\"step\":6,\"samples\":[\""), metrics);
        assertTrue(Files.readString(out.resolve("report.html")).contains("After 6 steps"));
    }

    @Test
    void aRunThatWasBrokenOffIsNotReplacedUnasked() throws IOException {
        train();
        Files.delete(out.resolve("checkpoint.safetensors"));
        byte[] best = Files.readAllBytes(out.resolve("best.safetensors"));
        Run refused = SmallTraining.run(text, out, "--dropout", "0.1");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
        assertTrue(refused.err().contains(" already has another run in it, best.safetensors\n"), refused.err());
        assertArrayEquals(best, Files.readAllBytes(out.resolve("best.safetensors")));
    }

    @Test
    void overwriteLeavesNothingOfTheFormerRun() throws IOException {
        train();
        train("--overwrite", "--val-fraction", "0", "--no-report");
        assertTrue(Files.exists(out.resolve("checkpoint.safetensors")));
        for (String name : List.of("best.safetensors", "metrics.jsonl", "report.html")) {
            assertFalse(Files.exists(out.resolve(name)), name);
        }
    }

    /** Dropout too: its masks belong to the sequence, not to the batch. */
    @Test
    void twoSmallBatchesAreOneLarge() throws IOException {
        train("--batch-size", "4", "--dropout", "0.2");
        List<Double> large = SmallTraining.metrics(out, "loss");
        train("--batch-size", "2", "--gradient-accumulation-steps", "2", "--dropout", "0.2", "--overwrite");
        List<Double> small = SmallTraining.metrics(out, "loss");
        assertEquals(6, large.size());
        for (int i = 0; i < 6; i++) {
            // the sums of the losses are added in another order; 1e-13 as between correct implementations elsewhere
            assertEquals(large.get(i), small.get(i), 1e-13, "step " + (i + 1));
        }
        assertEquals(SmallTraining.metrics(out, "tokens"), List.of(32.0, 32.0, 32.0, 32.0, 32.0, 32.0));
    }

    @Test
    void aTextModelSamplesWithAndWithoutAPrompt() {
        train("--steps", "60", "--learning-rate", "0.05", "--warmup-steps", "0", "--batch-size", "8");
        String checkpoint = out.toString();
        Run prompted = Run.of(
                "sample", "--checkpoint", checkpoint, "--prompt", "the q", "--temperature", "0", "--num-samples", "1");
        assertEquals(ExitCode.DONE, prompted.exitCode(), prompted.err());
        assertTrue(prompted.out().startsWith("the q"), prompted.out());
        assertEquals("the q".length() + 300 + 1, prompted.out().length(), prompted.out());
        Run free = Run.of("sample", "--checkpoint", checkpoint, "--num-samples", "1", "--temperature", "0");
        assertTrue(free.out().startsWith("the "), "begins as a line does: " + free.out());
        Run few = Run.of("sample", "--checkpoint", checkpoint, "--num-samples", "1", "--max-new-tokens", "3");
        assertEquals(4, few.out().length(), few.out());
    }

    @Test
    void aLongPromptOfAWindowedModelIsReadAsAWhole() {
        train("--steps", "1", "--positions", "none", "--window", "3");
        Run run = sample("--prompt", "the quick", "--num-samples", "1", "--max-new-tokens", "20");
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("the quick"), run.out());
    }

    @Test
    void ofALongPromptATextModelSeesTheEnd() {
        train();
        String checkpoint = out.toString();
        Run full = Run.of("sample", "--checkpoint", checkpoint, "--prompt", "the quic", "--num-samples", "1");
        assertEquals("", full.err());
        String[] more = {"--num-samples", "3", "--max-new-tokens", "20", "--temperature", "1"};
        Run end = sample("--prompt", "he quick", more);
        assertEquals("", end.err());
        Run whole = sample("--prompt", "the quick", more);
        assertEquals("microgpt: note: --prompt has 9 tokens, but the model sees only the last 8\n", whole.err());
        assertEquals("t" + end.out().replace("\nhe quick", "\nthe quick"), whole.out());
        Run unknown = Run.of("sample", "--checkpoint", checkpoint, "--prompt", "THE");
        assertEquals(ExitCode.CONTENT, unknown.exitCode());
        assertTrue(unknown.err().contains("U+0054"), unknown.err());
        assertEquals("", unknown.out());
    }

    private Run sample(String option, String value, String... more) {
        List<String> args = new ArrayList<>(List.of("sample", "--checkpoint", out.toString(), option, value));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }
}
