package dev.microgpt.train;

import static dev.microgpt.train.Misuse.absent;
import static dev.microgpt.train.Misuse.argument;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.MemoryTokens;
import dev.microgpt.train.data.TextBatcher;
import dev.microgpt.train.data.TextWindows;
import dev.microgpt.train.data.ValidationSet;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program does wrong with settings, optimizers, batches and trainers is refused, and the run goes on. */
class ApiMisuseTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "zoe");
    private static final CharTokenizer LETTERS = CharTokenizer.fromDocuments(NAMES);
    private static final Parameter WEIGHT = new Parameter("layer0.attn_wq", Shape.of(2), 1, 2);
    private static final double NAN = Double.NaN;

    private static int tried;
    private static int refused;

    static List<Misuse<MicrogptRun>> settings() {
        return List.of(
                argument(
                        "no steps", r -> new TrainingConfig(0, 1, 0.01, 0.9, 0.9, 1e-8, 1), "steps", "0", "at least 1"),
                argument(
                        "no batch",
                        r -> new TrainingConfig(1, 0, 0.01, 0.9, 0.9, 1e-8, 1),
                        "batch size",
                        "0",
                        "least 1"),
                argument(
                        "rate NaN",
                        r -> new TrainingConfig(1, 1, NAN, 0.9, 0.9, 1e-8, 1),
                        "learning rate",
                        "NaN",
                        "pos"),
                argument("no parts", r -> parts(0, 1), "gradient accumulation steps", "0", "at least 1"),
                argument("clip NaN", r -> parts(1, NAN), "gradient clipping norm", "NaN", "at least 0"),
                argument("clip −1", r -> parts(1, -1), "gradient clipping norm", "-1.0", "at least 0"),
                argument("beta1 NaN", r -> new AdamConfig(NAN, 0.9, 1e-8, 0), "beta1", "NaN", "below 1"),
                argument("beta2 1", r -> new AdamConfig(0.9, 1, 1e-8, 0), "beta2", "1.0", "below 1"),
                argument("eps NaN", r -> new AdamConfig(0.9, 0.9, NAN, 0), "adam eps", "NaN", "positive"),
                argument("eps 0", r -> new AdamConfig(0.9, 0.9, 0, 0), "adam eps", "0.0", "positive"),
                argument("decay NaN", r -> new AdamConfig(0.9, 0.9, 1e-8, NAN), "weight decay", "NaN", "at least 0"),
                argument(
                        "minimum learning rate NaN",
                        r -> schedule(0.1, NAN, 0),
                        "minimum learning rate",
                        "NaN",
                        "at least 0"),
                argument(
                        "minimum learning rate above the rate",
                        r -> schedule(0.1, 0.2, 0),
                        "minimum learning rate",
                        "0.2",
                        "at most"),
                argument("warm-up −1", r -> schedule(0.1, 0, -1), "warm-up steps", "-1", "at least 0"),
                argument("schedule of nothing", r -> schedule(0.1, 0, 0).over(0), "steps", "0", "at least 1"));
    }

    static List<Misuse<MicrogptRun>> optimizers() {
        return List.of(
                argument("no parameters", r -> adam(), "adam", "no parameters", "at least one"),
                argument("twice", r -> adam(WEIGHT, WEIGHT), "adam: parameter \"layer0.attn_wq\"", "twice", "updated"),
                argument(
                        "in two groups",
                        r -> grouped(group(WEIGHT), group(WEIGHT)),
                        "adam: parameter \"layer0.attn_wq\"",
                        "twice in the groups",
                        "in one group"),
                argument("in no group", r -> grouped(), "adam: parameter \"layer0.attn_wq\"", "in no group", "in one"),
                argument(
                        "only in a group",
                        r -> grouped(group(WEIGHT, new Parameter("other", Shape.of(1), 1))),
                        "adam: parameter \"other\"",
                        "not among the parameters",
                        "in one group"),
                argument("rate NaN", r -> r.adam.step(NAN), "adam: the learning rate", "NaN", "finite"),
                argument("rate −1", r -> r.trainer.update(-1), "adam: the learning rate", "-1.0", "at least 0"),
                argument("−1 updates", r -> r.adam.resumeAt(-1), "adam: the number of updates", "-1", "at least 0"),
                argument("−1 steps", r -> r.trainer.resumeAt(-1), "trainer: the number of steps", "-1", "at least 0"));
    }

    static List<Misuse<MicrogptRun>> batches() {
        return List.of(
                argument("no documents", r -> new Batcher(List.of(), LETTERS, 1, 1), "batcher", "no documents", "one"),
                argument(
                        "batches of 0",
                        r -> new Batcher(NAMES, LETTERS, 0, 8),
                        "batcher",
                        "batch size is 0",
                        "least 1"),
                argument("step −1", r -> new Batcher(NAMES, LETTERS, 1, 8).batch(-1), "batcher", "-1", "at least 0"),
                argument(
                        "part 2 of 2",
                        r -> new Batcher(NAMES, LETTERS, 1, 8).batch(0, 2, 2),
                        "batcher",
                        "part 2 of 2",
                        "below"),
                argument(
                        "id beyond",
                        r -> MemoryTokens.of(new int[] {0, 3}, 3),
                        "tokens: the id 3",
                        "position 1",
                        "0 … 2"),
                argument(
                        "short text",
                        r -> new TextBatcher(MemoryTokens.of(new int[4], 3), 1, 4, 1),
                        "text batcher",
                        "4 tokens",
                        "take 5"),
                argument(
                        "windows of one token",
                        r -> new TextWindows(MemoryTokens.of(new int[1], 3), 4, 1, 1),
                        "text windows",
                        "1 tokens",
                        "take 2"),
                argument(
                        "no validation",
                        r -> new Evaluator(r.gpt, nothing()),
                        "evaluator: the validation set",
                        "0 batches",
                        "at least one"),
                argument("best NaN", r -> evaluator(r).resumeAt(NAN), "evaluator: the best loss", "NaN", "a number"),
                argument("sample of 0", r -> evaluator(r).evaluate(1, 0, 1), "evaluation batches", "0", "at least 1"),
                argument(
                        "batch without targets",
                        r -> r.trainer.addGradients(Batch.ofPrompt(1, 2), 2),
                        "crossEntropy: logits is (2, ",
                        "the number of targets is 0",
                        "each row needs one target"),
                argument(
                        "mean over nothing",
                        r -> r.trainer.addGradients(Batch.forTraining(List.of(new int[] {1, 2})), 0),
                        "crossEntropy: denominator",
                        "0.0",
                        "positive"),
                argument(
                        "target that is no token",
                        r -> r.trainer.addGradients(Batch.forTraining(List.of(new int[] {1, 99})), 1),
                        "crossEntropy: targets[0]",
                        "99",
                        "from 0 to"),
                argument(
                        "document longer than the block",
                        r -> r.trainer.addGradients(Batch.forTraining(List.of(new int[99])), 98),
                        "gpt: a sequence",
                        "98 positions",
                        "the model has 8"));
    }

    static List<Misuse<MicrogptRun>> nulls() {
        return List.of(
                absent("kind", "schedule of no kind", r -> new Schedule(null, 0.1, 0, 0)),
                absent("schedule", "training without a schedule", r -> training(null, new AdamConfig(0.9, 0.9, 1, 0))),
                absent("adam", "training without Adam", r -> training(schedule(0.1, 0, 0), null)),
                absent("parameters", "group of null", r -> new ParameterGroup(null, 0)),
                absent("parameter", "group with null", r -> new ParameterGroup(Arrays.asList(WEIGHT, null), 0)),
                absent("parameter", "optimizer of null", r -> adam(WEIGHT, null)),
                absent("model", "trainer without a model", r -> new Trainer(null, (s, p, n) -> null, r.adam, s -> 0)),
                absent("batches", "trainer without batches", r -> new Trainer(r.gpt, null, r.adam, s -> 0)),
                absent("optimizer", "trainer without one", r -> new Trainer(r.gpt, (s, p, n) -> null, null, s -> 0)),
                absent("learningRate", "trainer without a rate", r -> trainer(r, (LearningRate) null)),
                absent("training", "trainer without settings", r -> trainer(r, (TrainingConfig) null)),
                absent("listener", "listener of null", r -> r.trainer.addListener((TrainingListener) null)),
                absent(
                        "listener",
                        "evaluator's listener of null",
                        r -> evaluator(r).addListener(null)),
                absent("batch", "gradients of null", r -> r.trainer.addGradients(null, 1)),
                absent("set", "evaluator without a set", r -> new Evaluator(r.gpt, null)),
                absent("documents", "documents of null", r -> new Batcher(null, LETTERS, 1, 8)),
                absent("tokenizer", "documents without a tokenizer", r -> new Batcher(NAMES, null, 1, 8)));
    }

    private static Trainer trainer(MicrogptRun run, LearningRate rate) {
        return new Trainer(run.gpt, (s, p, n) -> null, run.adam, rate);
    }

    private static Trainer trainer(MicrogptRun run, TrainingConfig training) {
        return new Trainer(run.gpt, (s, p, n) -> null, run.adam, training);
    }

    @ParameterizedTest
    @MethodSource({"settings", "optimizers", "batches", "nulls"})
    void misuseIsRefusedAndTheRunGoesOnAsIfNothingHadHappened(Misuse<MicrogptRun> misuse) {
        tried++;
        MicrogptRun run = run();
        run.trainer.run(2);
        misuse.check(run);
        run.trainer.run(4);
        assertSameRun(run().train(), run);
        refused++;
    }

    @Test
    void anInterruptedRunEndsWithTheSameBitsAndKeepsTheFlag() {
        GptConfig wide = GptConfig.microgpt(2).withSizes(1, 2, 64, 8);
        TrainingConfig training = new TrainingConfig(4, 64, 0.01, 0.85, 0.99, 1e-8, 42);
        MicrogptRun straight = new MicrogptRun(NAMES, wide, training).train();
        MicrogptRun interrupted = new MicrogptRun(NAMES, wide, training);
        try {
            Thread.currentThread().interrupt();
            interrupted.train();
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt flag is gone");
        }
        assertSameRun(straight, interrupted);
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = tried + " cases of misuse of settings, optimizers, batches and trainers tried, " + refused
                + " refused with a message that names who refuses, what was found and what was expected, and the run"
                + " went on to the same bits";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static MicrogptRun run() {
        return new MicrogptRun(
                NAMES,
                GptConfig.microgpt(2).withSizes(1, 2, 4, 8),
                new TrainingConfig(4, 2, 0.01, 0.85, 0.99, 1e-8, 42));
    }

    private static void assertSameRun(MicrogptRun expected, MicrogptRun actual) {
        assertEquals(expected.losses, actual.losses);
        expected.parameters()
                .forEach((name, numbers) ->
                        assertArrayEquals(numbers, actual.parameters().get(name), name));
    }

    private static Schedule schedule(double rate, double minLr, int warmup) {
        return new Schedule(Schedule.Kind.COSINE, rate, minLr, warmup);
    }

    private static void parts(int parts, double clip) {
        new TrainingConfig(1, 1, parts, schedule(0.1, 0, 0), new AdamConfig(0.9, 0.9, 1e-8, 0), clip, 1);
    }

    private static void training(Schedule schedule, AdamConfig adam) {
        new TrainingConfig(1, 1, 1, schedule, adam, 0, 1);
    }

    private static void adam(Parameter... parameters) {
        new Adam(Arrays.asList(parameters), 0.9, 0.9, 1e-8);
    }

    private static ParameterGroup group(Parameter... parameters) {
        return new ParameterGroup(List.of(parameters), 0);
    }

    private static void grouped(ParameterGroup... groups) {
        new Adam(List.of(WEIGHT), List.of(groups), 0.9, 0.9, 1e-8);
    }

    private static Evaluator evaluator(MicrogptRun run) {
        return new Evaluator(run.gpt, new TextWindows(MemoryTokens.of(new int[9], 3), 4, 1, 8));
    }

    private static ValidationSet nothing() {
        return new ValidationSet() {
            @Override
            public long tokens() {
                return 0;
            }

            @Override
            public long bytes() {
                return 0;
            }

            @Override
            public int batches() {
                return 0;
            }

            @Override
            public Batch batch(int index) {
                throw new AssertionError("there is none");
            }
        };
    }
}
