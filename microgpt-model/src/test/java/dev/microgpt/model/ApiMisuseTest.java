package dev.microgpt.model;

import static dev.microgpt.model.Misuse.absent;
import static dev.microgpt.model.Misuse.argument;
import static dev.microgpt.model.Misuse.state;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextStream;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Misuse of models, batches, decoders, generators and tokenizers is refused and leaves no trace. */
class ApiMisuseTest {
    private static final GptConfig CONFIG = GptConfig.microgpt(5).withSizes(1, 2, 4, 6);
    private static final CharTokenizer LETTERS = CharTokenizer.ofAlphabet("abcd");
    private static final double NAN = Double.NaN;

    private static int tried;
    private static int refused;

    /** A model with two positions of a sequence in a decoder, and a tape with a recording and its next buffer. */
    static final class Scene {
        final Gpt gpt = RandomModels.gpt(CONFIG, 1);
        final Gpt other = RandomModels.gpt(CONFIG, 2);
        final Decoder decoder = gpt.decoder();
        final Generator generator = new Generator(gpt, new Sampler(1));
        final PythonRandom random = new PythonRandom(1);
        final Parameter x = new Parameter("x", Shape.of(2), 1, 2);
        final Tape training = Tape.training();
        final Tape inference = Tape.inference();
        final double[] next;
        final Tensor loss;

        Scene() {
            decoder.forward(Tape.inference(), Batch.ofPrompt(1, 2));
            training.sum(x);
            next = training.buffer(1);
            training.reset();
            loss = training.sum(x);
        }

        void checkUntouched() {
            assertTrue(next == training.buffer(1), "something was recorded or kept a buffer");
            training.backward(loss);
            assertArrayEquals(new double[] {1, 1}, x.grad());
            assertEquals(2, decoder.length());
            double[] all =
                    gpt.forward(Tape.inference(), Batch.ofPrompt(1, 2, 3)).toArray();
            double[] continued =
                    decoder.forward(Tape.inference(), Batch.ofPrompt(3)).toArray();
            assertArrayEquals(Arrays.copyOfRange(all, 10, 15), continued);
            Generator fresh = new Generator(gpt, new Sampler(1));
            assertArrayEquals(
                    fresh.generate(new int[] {4}, 9, Generator.NO_STOP, new PythonRandom(3)),
                    generator.generate(new int[] {4}, 9, Generator.NO_STOP, new PythonRandom(3)));
        }
    }

    static List<Misuse<Scene>> settings() {
        return List.of(
                argument(
                        "one token", s -> GptConfig.microgpt(1).withSizes(1, 2, 4, 6), "vocab_size", "1", "at least 2"),
                argument("no layer", s -> GptConfig.microgpt(5).withSizes(0, 2, 4, 6), "n_layer", "0", "at least 1"),
                argument("no heads", s -> GptConfig.microgpt(5).withSizes(1, 0, 4, 6), "n_head", "0", "at least 1"),
                argument(
                        "negative width",
                        s -> GptConfig.microgpt(5).withSizes(1, 2, -4, 6),
                        "n_embd",
                        "-4",
                        "at least 1"),
                argument(
                        "no positions",
                        s -> GptConfig.microgpt(5).withSizes(1, 2, 4, 0),
                        "block_size",
                        "0",
                        "at least 1"),
                argument(
                        "heads that do not divide the width",
                        s -> GptConfig.microgpt(5).withSizes(1, 3, 10, 6).checkFits(),
                        "n_embd 10",
                        "n_head 3",
                        "9 and 12"),
                argument(
                        "table of 2³¹ · 4 numbers",
                        s -> gpt(GptConfig.microgpt(Integer.MAX_VALUE).withSizes(1, 2, 4, 6)),
                        "shape (2147483647, 4)",
                        "8589934588",
                        "at most 2147483647"),
                argument(
                        "dropout NaN",
                        s -> GptConfig.nano(2).with(GptConfig.DROPOUT, NAN),
                        "dropout",
                        "NaN",
                        "below 1"),
                argument("dropout 1", s -> GptConfig.nano(2).with(GptConfig.DROPOUT, 1.0), "dropout", "1.0", "below 1"),
                argument("temperature NaN", s -> new Sampler(NAN), "temperature", "NaN", "or more"),
                argument("temperature −1", s -> new Sampler(-1), "temperature", "-1.0", "or more"),
                argument("top-k 0", s -> new SamplingConfig(1, 0, 1), "top-k", "0", "or more"),
                argument("top-p NaN", s -> new SamplingConfig(1, 1, NAN), "top-p", "NaN", "at most 1"),
                argument("top-p 0", s -> new SamplingConfig(1, 1, 0), "top-p", "0.0", "above 0"));
    }

    static List<Misuse<Scene>> batches() {
        return List.of(
                argument("no sequence", s -> Batch.forTraining(List.of()), "sequences", "none", "at least one"),
                argument(
                        "sequence of one token",
                        s -> Batch.forTraining(List.of(new int[] {1, 2}, new int[] {1})),
                        "batch: sequence 1",
                        "1 tokens",
                        "at least 2"),
                argument("empty prompt", s -> Batch.ofPrompt(), "batch", "no tokens", "at least one"),
                argument(
                        "negative sequence",
                        s -> Batch.ofPrompt(1).withRandom(new CounterRandom(1), -1),
                        "batch: firstSequence",
                        "-1",
                        "at least 0"),
                argument(
                        "token −1",
                        s -> s.gpt.forward(s.training, Batch.ofPrompt(1, -1)),
                        "embedding: ids[1]",
                        "-1",
                        "from 0 to 4"),
                argument(
                        "token = vocabulary",
                        s -> s.gpt.forward(s.training, Batch.forTraining(List.of(new int[] {5, 1}))),
                        "embedding: ids[0]",
                        "5",
                        "is (5, 4)"),
                argument(
                        "more tokens than positions",
                        s -> s.gpt.forward(s.training, Batch.ofPrompt(new int[7])),
                        "gpt: a sequence",
                        "7 positions",
                        "has 6"),
                state(
                        "last position on a training tape",
                        s -> s.decoder.last(s.training, Batch.ofPrompt(1)),
                        "decoder",
                        "gradients",
                        "Tape.inference()"),
                argument(
                        "last position of two sequences",
                        s -> s.decoder.last(s.inference, pair()),
                        "decoder",
                        "the batch has 2",
                        "batch of its own"));
    }

    static List<Misuse<Scene>> decoders() {
        return List.of(
                state(
                        "decoder on a training tape",
                        s -> s.decoder.forward(s.training, Batch.ofPrompt(1)),
                        "decoder",
                        "no gradients",
                        "Tape.inference()"),
                argument(
                        "decoder and two sequences",
                        s -> s.decoder.forward(s.inference, pair()),
                        "decoder: it holds one sequence",
                        "2",
                        "of its own"),
                argument(
                        "more tokens than the decoder has left",
                        s -> s.decoder.forward(s.inference, Batch.ofPrompt(new int[5])),
                        "decoder: the sequence",
                        "7 positions",
                        "has 6"),
                argument(
                        "token that is none, in a decoder",
                        s -> s.decoder.forward(s.inference, Batch.ofPrompt(1, 5)),
                        "batch: token 1",
                        "5",
                        "from 0 to 4"));
    }

    static List<Misuse<Scene>> generators() {
        return List.of(
                argument("no token to choose", s -> new Generator(s.gpt, new Sampler(1), 0), "tokens", "0", "1 to 5"),
                argument("too many", s -> new Generator(s.gpt, new Sampler(1), 6), "tokens", "6", "from 1 to 5"),
                argument("none wanted", s -> generate(s, 0, 1), "maxNewTokens", "0", "at least 1"),
                argument("nothing to begin with", s -> generate(s, 1), "batch", "no tokens", "at least one"),
                argument("unknown token", s -> generate(s, 1, 0, 5), "generate: prompt[1]", "5", "from 0 to 4"),
                argument(
                        "unknown token before the window",
                        s -> generate(s, 1, -1, 0, 0, 0, 0, 0, 0, 0),
                        "generate: prompt[0]",
                        "-1",
                        "from 0 to 4"),
                argument("no scores", s -> choose(s, 0), "sample", "0 logits", "at least 1"),
                argument("more scores than there are", s -> choose(s, 3, 1, 2), "sample", "3 logits", "in the array"),
                argument(
                        "score NaN",
                        s -> choose(s, 2, 1, NAN),
                        "sample: the logit of token 1",
                        "NaN",
                        "must be finite"),
                argument(
                        "nothing possible",
                        s -> choose(s, 1, Double.NEGATIVE_INFINITY),
                        "sample: the logits of all 1",
                        "-Infinity",
                        "at least one must be finite"),
                argument("bits 0", s -> s.random.getrandbits(0), "getrandbits: k", "0", "1 … 32"),
                argument("below 0", s -> s.random.randbelow(0), "randbelow: n", "0", "at least 1"),
                argument(
                        "weight NaN",
                        s -> s.random.choices(new double[] {1, NAN}, 2),
                        "choices: weight 1",
                        "NaN",
                        "not be"),
                argument("all weights 0", s -> s.random.choices(new double[2], 2), "choices", "0.0", "positive"));
    }

    static List<Misuse<Scene>> parametersAndTexts() {
        return List.of(
                argument("no such parameter", s -> s.gpt.parameters().get("wq"), "there is no parameter", "wq", "wte"),
                argument("second model", s -> new Gpt(CONFIG, s.gpt.parameters()), "parameter", "\"wte\"", "a scope"),
                argument(
                        "missing",
                        s -> new Gpt(CONFIG, Parameters.from(Map.of())),
                        "parameter \"wte\"",
                        "missing",
                        "(5, 4)"),
                argument(
                        "of another shape",
                        s -> new Gpt(CONFIG, Parameters.from(Map.of("wte", Tensor.constant(Shape.of(1), 1)))),
                        "parameter \"wte\"",
                        "(1)",
                        "(5, 4)"),
                argument("empty alphabet", s -> CharTokenizer.ofAlphabet(""), "tokenizer", "empty", "at least one"),
                argument("unknown letter", s -> LETTERS.encode("abx"), "tokenizer", "U+0078", "abcd"),
                argument("unknown id", s -> LETTERS.decode(0, 9), "tokenizer: id 9", "index 1", "0 … 3"),
                argument(
                        "empty stop",
                        s -> new TextStream(LETTERS, List.of("")),
                        "stop string 0",
                        "empty",
                        "at least one"),
                state(
                        "text after its end",
                        s -> textAfterItsEnd(),
                        "text: token 1",
                        "end()",
                        "create a new TextStream"));
    }

    static List<Misuse<Scene>> nulls() {
        return List.of(
                absent("config", "model without a configuration", s -> new Gpt(null, s.gpt.parameters())),
                absent("parameters", "model without parameters", s -> new Gpt(CONFIG, null)),
                absent("random", "parameters drawn from null", s -> Parameters.drawnFrom(null)),
                absent("stored", "parameters stored nowhere", s -> Parameters.from(null)),
                absent("norm", "variant without a norm", s -> variant(null, Activation.RELU)),
                absent("activation", "variant without an activation", s -> variant(Norm.RMS, null)),
                absent("tape", "forward without a tape", s -> s.gpt.forward(null, Batch.ofPrompt(1))),
                absent("batch", "forward of null", s -> s.gpt.forward(s.training, null)),
                absent("ids", "prompt of null", s -> Batch.ofPrompt((int[]) null)),
                absent("sequences", "batch of null", s -> Batch.forTraining(null)),
                absent("sequences", "a sequence of null", s -> Batch.forTraining(Arrays.asList(new int[2], null))),
                absent("step", "stream of null", s -> Batch.ofPrompt(1).withRandom(null, 0)),
                absent("model", "generator without a model", s -> new Generator(null, new Sampler(1))),
                absent("sampler", "generator without a sampler", s -> new Generator(s.gpt, null)),
                absent("config", "sampler without a configuration", s -> new Sampler((SamplingConfig) null)),
                absent("prompt", "generation from null", s -> generate(s, 1, (int[]) null)),
                absent("text", "encoding null", s -> LETTERS.encode(null)),
                absent("ids", "decoding null", s -> LETTERS.decode((int[]) null)),
                absent("tokenizer", "stream without a tokenizer", s -> new TextStream(null, List.of())));
    }

    @ParameterizedTest
    @MethodSource({"settings", "batches", "decoders", "generators", "parametersAndTexts", "nulls"})
    void misuseIsRefusedAndLeavesNoTrace(Misuse<Scene> misuse) {
        tried++;
        Scene scene = new Scene();
        misuse.check(scene);
        scene.checkUntouched();
        refused++;
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure =
                tried + " cases of misuse of models, batches, decoders, generators and tokenizers tried, " + refused
                        + " refused with a message that names who refuses, what was found and what was expected, and"
                        + " tape, cache and generator as they were";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static Gpt gpt(GptConfig config) {
        return new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
    }

    private static GptConfig variant(Norm norm, Activation activation) {
        return GptConfig.microgpt(2).withNorm(norm).withActivation(activation);
    }

    private static Batch pair() {
        return Batch.forTraining(List.of(new int[] {1, 2}, new int[] {1, 2}));
    }

    private static void generate(Scene scene, int wanted, int... prompt) {
        scene.generator.generate(prompt, wanted, Generator.NO_STOP, scene.random);
    }

    private static void choose(Scene scene, int n, double... scores) {
        new Sampler(1).next(scores, 0, n, scene.random);
    }

    private static void textAfterItsEnd() {
        TextStream text = new TextStream(LETTERS, List.of());
        text.end();
        text.add(1);
    }
}
