package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.explain.Explained;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Batch;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code explain --step} against the checkpoints and metrics that the run itself wrote. */
class ExplainStepTest {
    /** Everything that could make a repeated step another one. */
    private static final String[] RUN = ("--n-embd 4 --n-head 2 --block-size 4 --dropout 0.2 --weight-decay 0.1"
                    + " --grad-clip 0.5 --gradient-accumulation-steps 2 --warmup-steps 2 --learning-rate 0.05"
                    + " --val-fraction 0.2 --checkpoint-interval 1 --keep 9")
            .split(" ");

    @TempDir
    static Path folder;

    private static Path text;
    private static Path all; // the folder of the run, with a checkpoint after each step

    @BeforeAll
    static void train() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        all = folder.resolve("all");
        done(SmallTraining.run(text, all, RUN));
    }

    private static void done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    private static Path checkpoint(int step) {
        return all.resolve("checkpoint-0000000" + step + ".safetensors");
    }

    /** A folder with the last checkpoint and those after some steps. */
    private static Path copy(String name, int... steps) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(name));
        Files.copy(all.resolve("checkpoint.safetensors"), copy.resolve("checkpoint.safetensors"));
        for (int step : steps) {
            Files.copy(checkpoint(step), copy.resolve(checkpoint(step).getFileName()));
        }
        return copy;
    }

    private static Run run(Path checkpoint, Path data, int step, String... options) {
        List<String> args = new ArrayList<>(List.of(
                "explain",
                "--checkpoint=" + checkpoint,
                "--text=the",
                "--step=" + step,
                "--data=" + data,
                "--out=" + folder.resolve("explain.html")));
        args.addAll(List.of(options));
        return Run.of(args.toArray(new String[0]));
    }

    private static Explained explain(Path checkpoint, int step, String... options) throws IOException {
        return explain(checkpoint, text, step, options);
    }

    private static Explained explain(Path checkpoint, Path data, int step, String... options) throws IOException {
        done(run(checkpoint, data, step, options));
        return Explained.read(folder.resolve("explain.html"));
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals("", run.out());
    }

    private static Map<String, Map<String, @Nullable Object>> weights(Map<String, @Nullable Object> step) {
        Map<String, Map<String, @Nullable Object>> weights = new LinkedHashMap<>();
        for (Map<String, @Nullable Object> weight : Explained.maps(step.get("weights"))) {
            weights.put((String) weight.get("name"), weight);
        }
        return weights;
    }

    // ---- the step of the run ----

    @ParameterizedTest
    @CsvSource({"from-the-beginning, 1, 0", "from-the-beginning, 4, 0", "from-after-2, 4, 2", "from-after-2, 6, 2"})
    void aStepIsThatOfTheRun(String name, int number, int from) throws IOException {
        Path start = folder.resolve(name);
        if (!Files.exists(start)) {
            copy(name, from == 0 ? new int[] {} : new int[] {1, from});
        }
        Explained page = explain(start, number);
        Map<String, @Nullable Object> step = page.at("step");
        assertEquals(number, Explained.integer(step.get("step")));
        assertEquals(SmallTraining.metrics(all, "loss").get(number - 1), step.get("batchLoss"));
        assertEquals(SmallTraining.metrics(all, "learning_rate").get(number - 1), step.get("rate"));
        assertEquals(SmallTraining.metrics(all, "gradient_norm").get(number - 1), step.get("gradientNorm"));
        assertEquals(SmallTraining.metrics(all, "tokens").get(number - 1), Explained.number(step.get("batchTargets")));
        assertWeights(page, step, number);
        assertHistory(page, step, from == 0);
        assertEquals(number, Explained.integer(step.get("adamStep")));
        double[] correction = Explained.numbers(step.get("correction"));
        double beta1 = Explained.number(step.get("beta1"));
        double beta2 = Explained.number(step.get("beta2"));
        assertEquals(1 - Math.pow(beta1, number), correction[0], 1e-15);
        assertEquals(1 - Math.pow(beta2, number), correction[1], 1e-15);
        assertEquals(Checkpoint.load(checkpoint(1)).training().adam().eps(), step.get("eps"));
    }

    private static void assertWeights(Explained page, Map<String, @Nullable Object> step, int number)
            throws IOException {
        Checkpoint after = Checkpoint.load(checkpoint(number));
        Checkpoint before = number == 1 ? null : Checkpoint.load(checkpoint(number - 1));
        List<Parameter> parameters = after.model().parameters().all();
        List<Map<String, @Nullable Object>> weights = Explained.maps(step.get("weights"));
        assertEquals(parameters.size(), weights.size());
        double norm = Explained.number(step.get("gradientNorm"));
        double clip = after.training().gradClip() / (norm + 1e-6);
        assertEquals(0.5, step.get("clip"));
        double beta1 = after.training().adam().beta1();
        double squares = 0;
        for (int i = 0; i < weights.size(); i++) {
            Map<String, @Nullable Object> weight = weights.get(i);
            assertEquals(parameters.get(i).name(), weight.get("name"));
            assertNull(weight.get("at"));
            double[] value = page.tensor(weight.get("value")).data();
            double[] gradient = page.tensor(weight.get("gradient")).data();
            double[] difference = page.tensor(weight.get("difference")).data();
            double[] m = page.tensor(weight.get("m")).data();
            double[] update = page.tensor(weight.get("update")).data();
            assertArrayEquals(
                    parameters.get(i).toArray(),
                    page.tensor(weight.get("after")).data());
            assertArrayEquals(state(after, "m", i), m);
            assertArrayEquals(state(after, "v", i), page.tensor(weight.get("v")).data());
            if (before != null) {
                assertArrayEquals(before.model().parameters().all().get(i).toArray(), value);
            }
            for (int k = 0; k < value.length; k++) {
                assertEquals(parameters.get(i).data()[k] - value[k], update[k]);
                assertEquals(gradient[k], difference[k], 1e-6);
                double past = before == null ? 0 : state(before, "m", i)[k];
                assertEquals(beta1 * past + (1 - beta1) * clip * gradient[k], m[k], 1e-15);
                squares += gradient[k] * gradient[k];
            }
        }
        assertEquals(norm, Math.sqrt(squares), 1e-12);
        assertTrue(clip < 1, "the gradient is clipped");
    }

    private static double[] state(Checkpoint checkpoint, String name, int parameter) {
        return checkpoint.optimizer().state().get(name).get(parameter);
    }

    /** Of a run that is repeated from its beginning: at steps that ascend to the last, with seven digits. */
    private static void assertHistory(Explained page, Map<String, @Nullable Object> step, boolean isThere)
            throws IOException {
        assertEquals(isThere, step.get("history") != null);
        if (!isThere) {
            return;
        }
        Map<String, @Nullable Object> history = Explained.map(step.get("history"));
        int[] steps = Explained.ints(history.get("steps"));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6}, steps);
        for (int k = 1; k < steps.length; k++) {
            for (Parameter parameter :
                    Checkpoint.load(checkpoint(k)).model().parameters().all()) {
                List<@Nullable Object> points =
                        Explained.list(Explained.map(history.get("weights")).get(parameter.name()));
                assertEquals(steps.length, points.size());
                assertArrayEquals(
                        parameter.toArray(), page.tensor(points.get(k)).data(), 1e-6);
            }
        }
    }

    @Test
    void theFirstSequenceIsShownForwardAndBackward() throws IOException {
        Explained page = explain(all, 3);
        Map<String, @Nullable Object> step = page.at("step");
        int[] inputs = ids(step.get("tokens"));
        int[] targets = ids(step.get("targets"));
        assertEquals(4, inputs.length);
        assertArrayEquals(Arrays.copyOfRange(inputs, 1, 4), Arrays.copyOf(targets, 3));
        List<Map<String, @Nullable Object>> operations = Explained.maps(step.get("operations"));
        page.assertLinked(operations);
        assertTrue(page.checkAll(operations) > 100);

        Tape tape = Tape.training();
        Trace trace = Trace.on(tape);
        int[] sequence = Arrays.copyOf(inputs, 5);
        sequence[4] = targets[3];
        Tensor logits = Checkpoint.load(checkpoint(2)).model().forward(tape, Batch.forTraining(List.of(sequence)));
        Tensor loss = tape.crossEntropy(logits, targets);
        tape.backward(loss);
        assertEquals(loss.item(), step.get("loss"));
        assertEquals(trace.steps().size(), operations.size());
        for (int i = 0; i < operations.size(); i++) {
            Trace.Step expected = trace.steps().get(i);
            Map<String, @Nullable Object> operation = operations.get(i);
            assertEquals(expected.op().name(), operation.get("op"));
            assertGradient(page, expected.output(), operation.get("outputGradient"));
            for (int k = 0; k < expected.op().inputs().size(); k++) {
                Object gradient =
                        Explained.list(operation.get("inputGradients")).get(k);
                assertGradient(page, expected.op().inputs().get(k), gradient);
            }
        }
        Map<String, @Nullable Object> detail =
                Explained.map(operations.get(operations.size() - 1).get("detail"));
        assertEquals("crossEntropy", detail.get("kind"));
        assertEquals(4, page.tensor(detail.get("loss")).data().length);
    }

    private static int[] ids(@Nullable Object tokens) {
        return Explained.maps(tokens).stream()
                .mapToInt(token -> Explained.integer(token.get("id")))
                .toArray();
    }

    private static void assertGradient(Explained page, Tensor expected, @Nullable Object actual) {
        assertEquals(expected.hasGrad(), actual != null);
        if (actual != null) {
            assertEquals("gradient", page.tensor(actual).kind());
            assertArrayEquals(expected.grad(), page.tensor(actual).data());
        }
    }

    @Test
    void aStepAfterTheCheckpointIsDone() throws IOException {
        Explained page = explain(checkpoint(2), 6);
        Map<String, @Nullable Object> expected = explain(all, 6).at("step");
        assertEquals(expected.get("batchLoss"), page.at("step").get("batchLoss"));
        Path alone = Files.createDirectories(folder.resolve("alone"));
        Files.copy(checkpoint(2), alone.resolve("early.safetensors"));
        page = explain(alone.resolve("early.safetensors"), 6);
        assertEquals(expected.get("batchLoss"), page.at("step").get("batchLoss"));
        assertWeights(page, page.at("step"), 6);
    }

    @Test
    void equalRunsWriteTheSameBytes() throws IOException {
        Path out = folder.resolve("explain.html");
        Path start = copy("twice");
        explain(start, 2, "--threads=1");
        byte[] first = Files.readAllBytes(out);
        explain(start, 2, "--threads=2");
        assertArrayEquals(first, Files.readAllBytes(out));
    }

    /** As many numbers of all weights as of a small model would take longer to compute and to load than to read. */
    @Test
    void aLargerModelHasSomeOfItsWeights() throws IOException {
        Path large = folder.resolve("large");
        done(SmallTraining.run(text, large, "--n-embd", "38", "--block-size", "16", "--steps", "3"));
        Explained page = explain(large, 2);
        assertEquals(true, page.get("complete"));
        assertTrue(Files.size(folder.resolve("explain.html")) < 1_500_000);
        for (Map<String, @Nullable Object> weight :
                Explained.maps(page.at("step").get("weights"))) {
            int[] at = Explained.ints(weight.get("at"));
            assertEquals(20, at.length);
            assertArrayEquals(Arrays.stream(at).distinct().sorted().toArray(), at);
            for (String field : List.of("value", "gradient", "difference", "m", "v", "update", "after")) {
                assertEquals(20, page.tensor(weight.get(field)).data().length, field);
            }
            double[] gradient = page.tensor(weight.get("gradient")).data();
            assertArrayEquals(gradient, page.tensor(weight.get("difference")).data(), 1e-6);
        }
        List<@Nullable Object> wte = Explained.list(
                Explained.map(Explained.map(page.at("step").get("history")).get("weights"))
                        .get("wte"));
        assertEquals(20, page.tensor(wte.get(0)).data().length);
    }

    /** The first step of a run of names, with documents of several lengths. */
    @Test
    void aDocumentEndsWithItsMark() throws IOException {
        Path names = Files.writeString(folder.resolve("names.txt"), "anna\nemma\nolivia\nkaren\n");
        Path out = folder.resolve("names");
        done(Run.of(
                "train",
                "--data=" + names,
                "--out=" + out,
                "--steps=4",
                "--n-embd=4",
                "--n-head=1",
                "--num-samples=0"));
        InputStream before = System.in;
        try {
            System.setIn(Files.newInputStream(names)); // which can be read only once
            done(Run.of(
                    "explain",
                    out.toString(),
                    "--text=anna",
                    "--step=4",
                    "--data=-",
                    "--out=" + folder.resolve("explain.html")));
        } finally {
            System.setIn(before);
        }
        Explained page = Explained.read(folder.resolve("explain.html"));
        assertEquals("copy", page.at("copy").get("status"));
        Map<String, @Nullable Object> step = page.at("step");
        int[] inputs = ids(step.get("tokens"));
        int[] targets = ids(step.get("targets"));
        int bos = Checkpoint.load(out.resolve("checkpoint.safetensors"))
                .tokenizer()
                .bos();
        assertEquals(bos, inputs[0]);
        assertEquals(bos, targets[targets.length - 1]);
        assertArrayEquals(Arrays.copyOfRange(inputs, 1, inputs.length), Arrays.copyOf(targets, targets.length - 1));
        assertEquals(Explained.number(step.get("loss")), Explained.number(step.get("batchLoss")), 1e-12);
    }

    // ---- what is refused ----

    @Test
    void aStepThatTheRunDoesNotHaveIsRefused() {
        assertRefused(
                ExitCode.USAGE,
                "microgpt: --step is 7, but must be at most 6, the steps of the run\n",
                run(all, text, 7));
    }

    @Test
    void otherDataIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.txt"), SmallTraining.TEXT + "the end\n");
        for (Path data : List.of(other, Files.writeString(folder.resolve("emoji.txt"), "한👍\n".repeat(40)))) {
            Run run = run(all, data, 2);
            assertRefused(ExitCode.CONTENT, "microgpt: --data has SHA-256 ", run);
            assertTrue(
                    run.err()
                            .endsWith(
                                    "\nhint: give the same --data, read with the same --field, --separator, --glob and"
                                            + " --special-tokens\n"),
                    run.err());
        }
    }

    @Test
    void aRunFromAnotherModelIsRepeatedFromACheckpointOnly() throws IOException {
        Path tuned = folder.resolve("tuned");
        done(Run.of(
                "train",
                "--init-from=" + all,
                "--data=" + text,
                "--out=" + tuned,
                "--steps=3",
                "--warmup-steps=1",
                "--checkpoint-interval=1",
                "--keep=9",
                "--batch-size=2",
                "--num-samples=0"));
        Map<String, @Nullable Object> step = explain(tuned, 3).at("step");
        assertEquals(SmallTraining.metrics(tuned, "loss").get(2), step.get("batchLoss"));
        assertNull(step.get("history"));
        Map<String, @Nullable Object> first = explain(tuned, 1).at("step"); // the best model is that of another
        assertEquals(SmallTraining.metrics(tuned, "loss").get(0), first.get("batchLoss"));
        Files.delete(tuned.resolve("best.safetensors"));
        Run refused = run(tuned, text, 1);
        assertRefused(ExitCode.CONTENT, "only a run that began with a new model can be repeated", refused);
        assertTrue(
                refused.err().endsWith("\nhint: give a step after one of the checkpoints that the run kept\n"),
                refused.err());
    }

    @Test
    void aDamagedCheckpointInTheFolderIsSkipped() throws IOException {
        Path damaged = copy("damaged", 1, 2);
        Path file = damaged.resolve(checkpoint(2).getFileName());
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));
        Run run = run(damaged.resolve("checkpoint.safetensors"), text, 4);
        done(run);
        assertTrue(run.err().contains("microgpt: warning: skipping " + file + ": "), run.err());
        Map<String, @Nullable Object> step =
                Explained.read(folder.resolve("explain.html")).at("step");
        assertEquals(SmallTraining.metrics(all, "loss").get(3), step.get("batchLoss"));
        assertNull(step.get("history"), "from step 1");
    }

    @Test
    void standardInputIsReadOnceForTheStepAndTheCopiesOfTheText() throws IOException {
        Path out = folder.resolve("documents");
        Path words = Files.writeString(folder.resolve("words.txt"), "the\nthen\nquick\nthe\nbrown\n");
        done(SmallTraining.run(words, out, "--format", "documents", "--val-fraction", "0"));
        InputStream before = System.in;
        System.setIn(new FilterInputStream(Files.newInputStream(words)) {}); // closed after it was read
        try {
            Explained page = explain(out, Path.of("-"), 2);
            assertEquals(2, Explained.integer(page.at("step").get("step")));
            assertEquals(
                    "{status=copy, copies=2, longest=the, count=3, documents=5}",
                    page.at("copy").toString());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void checkpointsOfAnotherRunAreNotItsBeginning() throws IOException {
        Path other = folder.resolve("seed");
        String[] seed = Arrays.copyOf(RUN, RUN.length + 2);
        seed[RUN.length] = "--seed";
        seed[RUN.length + 1] = "7";
        done(SmallTraining.run(text, other, seed));
        Path mixed = copy("mixed");
        String name = "checkpoint-00000002.safetensors";
        Files.copy(other.resolve(name), mixed.resolve(name));
        Map<String, @Nullable Object> step = explain(mixed, 3).at("step");
        assertNotNull(step.get("history"), "from the beginning");
        assertEquals(SmallTraining.metrics(all, "loss").get(2), step.get("batchLoss"));
        assertFalse(weights(step).isEmpty());
    }
}
