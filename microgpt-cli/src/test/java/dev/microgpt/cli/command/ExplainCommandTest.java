package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.cli.Run;
import dev.microgpt.cli.explain.Explained;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.model.trace.Hooks;
import dev.microgpt.model.trace.LogitLens;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a model against the library, and against its own formulas. */
class ExplainCommandTest {
    /** More than the 20 likeliest tokens of a page. */
    private static final Tokenizer LETTERS =
            CharTokenizer.ofAlphabet("\nABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    @TempDir
    Path folder;

    private Path model;
    private Path page;

    @BeforeEach
    void namePaths() {
        model = folder.resolve("model.safetensors");
        page = folder.resolve("explain.html");
    }

    // ---- models with random weights ----

    private static GptConfig config(String name, int vocabSize) {
        GptConfig config = switch (name) {
            case "microgpt" -> GptConfig.microgpt(vocabSize).withSizes(2, 2, 8, 12);
            case "nano" -> GptConfig.nano(vocabSize).withSizes(2, 2, 8, 12).withInner(24);
            case "llama" -> GptConfig.llama(vocabSize).withSizes(2, 4, 8, 12).withInner(20);
            case "nanochat" ->
                GptConfig.nanochat(vocabSize)
                        .withSizes(2, 2, 8, 12)
                        .withInner(16)
                        .with(GptConfig.WINDOW, 4);
            default -> GptConfig.gpt2(vocabSize).withSizes(2, 2, 8, 12).withInner(16);
        };
        return config.with(GptConfig.INITIALIZATION, Initialization.SCALED).with(GptConfig.DROPOUT, 0.0);
    }

    private TrainedModel save(GptConfig config, Tokenizer tokenizer, DataFormat format) throws IOException {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(3)));
        PythonRandom random = new PythonRandom(4);
        for (Parameter parameter : gpt.parameters().all()) { // biases and gains too
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] += 0.1 * random.gauss(0, 1);
            }
        }
        TrainedModel trained = new TrainedModel(gpt, tokenizer, format);
        trained.save(model);
        return trained;
    }

    private TrainedModel save(String name, DataFormat format) throws IOException {
        return save(config(name, LETTERS.vocabSize()), LETTERS, format);
    }

    private Explained explain(String text, String... options) throws IOException {
        Run run = run(text, options);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("", run.out().replaceFirst("wrote .* \\([0-9,]+ kB\\); open it in a browser\n", ""));
        return Explained.read(page);
    }

    private Run run(String text, String... options) {
        List<String> args =
                new ArrayList<>(List.of("explain", model.toString(), "--text", text, "--out", page.toString()));
        args.addAll(List.of(options));
        return Run.of(args.toArray(new String[0]));
    }

    private void assertRefused(int exitCode, String message, String text, String... options) {
        boolean isThere = Files.exists(page);
        Run run = run(text, options);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertEquals("microgpt: " + message + "\n", run.err());
        assertEquals("", run.out());
        assertEquals(isThere, Files.exists(page), "nothing is written");
    }

    // ---- all numbers ----

    @ParameterizedTest
    @CsvSource({"microgpt, DOCUMENTS", "nano, TEXT", "llama, TEXT", "nanochat, DOCUMENTS", "gpt2, TEXT"})
    void aPageHasTheNumbersOfTheLibrary(String name, DataFormat format) throws IOException {
        save(name, format);
        TrainedModel trained = TrainedModel.load(model);
        String text = "abcabcmnoon";
        Explained page = explain(text);
        int[] tokens = format.promptTokens(LETTERS, text);
        assertEquals(true, page.get("complete"));
        assertEquals(text, page.get("text"));
        assertEquals("model.safetensors", page.at("model").get("checkpoint"), "without the folders of the machine");
        assertArrayEquals(tokens, ids(page, "tokens"));
        int[] targets = Arrays.copyOfRange(tokens, 1, tokens.length + 1);
        targets[tokens.length - 1] = format == DataFormat.TEXT ? -1 : LETTERS.bos();
        assertArrayEquals(targets, ids(page, "targets"));
        assertEquals(LETTERS.vocabSize(), page.at("vocabulary").size());

        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        Tensor logits = trained.model().forward(tape, Batch.ofPrompt(tokens));
        List<Map<String, @Nullable Object>> operations = page.all("operations");
        assertEquals(trace.steps().size(), operations.size());
        for (int i = 0; i < operations.size(); i++) {
            assertSame(page, trace.steps().get(i), operations.get(i));
        }
        page.assertLinked(operations);
        assertTrue(page.checkAll(operations) > 1000);
        assertPredictions(page, trained, tokens, targets, Prediction.of(logits));
        assertStream(page, trace);
        assertAttention(page, operations, trained);
    }

    private static int[] ids(Explained page, String field) {
        return Explained.list(page.get(field)).stream()
                .mapToInt(token -> token == null
                        ? -1
                        : Explained.integer(Explained.map(token).get("id")))
                .toArray();
    }

    private static void assertSame(Explained page, Trace.Step step, Map<String, @Nullable Object> operation) {
        assertEquals(step.op().name(), operation.get("op"));
        assertEquals(step.op().getClass().getName(), operation.get("class"));
        assertEquals(step.names(), operation.get("names"));
        assertSame(step.output(), page.tensor(operation.get("output")));
        int[] inputs = Explained.ints(operation.get("inputs"));
        assertEquals(step.op().inputs().size(), inputs.length);
        for (int k = 0; k < inputs.length; k++) {
            Tensor expected = step.op().inputs().get(k);
            Explained.Tensor actual = page.tensorAt(inputs[k]);
            assertSame(expected, actual);
            if (expected instanceof Parameter parameter) {
                assertEquals(parameter.name(), actual.name());
                assertEquals("weight", actual.kind());
            }
        }
        Map<String, @Nullable Object> detail = Explained.map(operation.get("detail"));
        step.op().details().forEach((name, expected) -> {
            if (detail.get("kind").equals("gather")) {
                assertArrayEquals(
                        Arrays.stream(expected.data()).mapToInt(id -> (int) id).toArray(),
                        Explained.ints(detail.get(name)));
            } else {
                assertSame(expected, page.tensor(detail.get(name)));
            }
        });
        assertFalse(String.valueOf(operation.get("formula")).isBlank());
        assertFalse(String.valueOf(operation.get("about")).isBlank());
        Object part = operation.get("microgpt");
        assertTrue(
                part == null || Explained.map(page.at("microgpt").get("parts")).containsKey(part), () -> part + "");
        String source = String.valueOf(page.at("sources").get(operation.get("source")));
        assertTrue(source.contains("class " + step.op().getClass().getSimpleName() + " "), source);
    }

    private static void assertSame(Tensor expected, Explained.Tensor actual) {
        assertArrayEquals(expected.toArray(), actual.data());
        assertArrayEquals(
                IntStream.range(0, expected.shape().rank())
                        .map(expected.shape()::dim)
                        .toArray(),
                actual.shape());
    }

    private static void assertPredictions(
            Explained page, TrainedModel trained, int[] tokens, int[] targets, List<Prediction> predictions) {
        assertPositions(page.all("positions"), tokens, targets, predictions);
        assertEquals(loss(predictions, targets), Explained.number(page.get("loss")));
        assertEquals(StrictMath.log(LETTERS.vocabSize()), Explained.number(page.get("guess")));
        List<Map<String, @Nullable Object>> lens = page.all("lens");
        Map<String, Tensor> stages = LogitLens.of(trained.model(), Batch.ofPrompt(tokens));
        assertEquals(
                List.copyOf(stages.keySet()),
                lens.stream().map(stage -> stage.get("name")).toList());
        for (Map<String, @Nullable Object> stage : lens) {
            assertStage(stage, targets, Prediction.of(stages.get((String) stage.get("name"))));
        }
        assertStage(lens.get(lens.size() - 1), targets, predictions);
        assertAblations(page, trained, tokens, targets, predictions);
    }

    private static double loss(List<Prediction> predictions, int... targets) {
        double sum = 0;
        int count = 0;
        for (int t = 0; t < targets.length; t++) {
            sum += targets[t] < 0 ? 0 : predictions.get(t).loss(targets[t]);
            count += targets[t] < 0 ? 0 : 1;
        }
        return sum / count;
    }

    private static void assertPositions(
            List<Map<String, @Nullable Object>> positions, int[] tokens, int[] targets, List<Prediction> expected) {
        assertEquals(tokens.length, positions.size());
        for (int t = 0; t < tokens.length; t++) {
            Map<String, @Nullable Object> actual = positions.get(t);
            Prediction prediction = expected.get(t);
            assertEquals(tokens[t], Explained.integer(actual.get("token")));
            assertEquals(prediction.entropy(), Explained.number(actual.get("entropy")));
            if (targets[t] < 0) {
                for (String field : List.of("target", "probability", "loss", "rank")) {
                    assertTrue(actual.containsKey(field) && actual.get(field) == null, field);
                }
            } else {
                assertEquals(targets[t], Explained.integer(actual.get("target")));
                assertEquals(prediction.probability(targets[t]), Explained.number(actual.get("probability")));
                assertEquals(prediction.loss(targets[t]), Explained.number(actual.get("loss")));
                assertEquals(prediction.rank(targets[t]), Explained.integer(actual.get("rank")));
            }
            assertTop(prediction, Explained.list(actual.get("top")), LETTERS.vocabSize());
        }
    }

    private static void assertTop(Prediction prediction, List<@Nullable Object> top, int count) {
        List<Integer> expected = prediction.top(Math.min(count, 20));
        assertEquals(expected.size(), top.size());
        for (int i = 0; i < top.size(); i++) {
            assertEquals(
                    expected.get(i),
                    Explained.integer(Explained.list(top.get(i)).get(0)));
            double probability = Explained.number(Explained.list(top.get(i)).get(1));
            assertEquals(prediction.probability(expected.get(i)), probability);
        }
    }

    private static void assertStage(Map<String, @Nullable Object> stage, int[] targets, List<Prediction> expected) {
        for (int t = 0; t < targets.length; t++) {
            Prediction prediction = expected.get(t);
            assertTop(
                    prediction, Explained.list(Explained.list(stage.get("top")).get(t)), 5);
            Object p = Explained.list(stage.get("target")).get(t);
            Object rank = Explained.list(stage.get("rank")).get(t);
            assertEquals(targets[t] < 0 ? null : prediction.probability(targets[t]), p);
            assertEquals(
                    targets[t] < 0 ? -1 : prediction.rank(targets[t]), rank == null ? -1 : Explained.integer(rank));
            assertEquals(
                    prediction.entropy(), Explained.list(stage.get("entropy")).get(t));
        }
    }

    private static void assertAblations(
            Explained page, TrainedModel trained, int[] tokens, int[] targets, List<Prediction> whole) {
        GptConfig config = (GptConfig) trained.model().config();
        List<Map<String, @Nullable Object>> ablations = page.all("ablations");
        assertEquals(config.nLayer() * (config.nHead() + 3), ablations.size());
        for (Map<String, @Nullable Object> ablation : ablations) {
            int layer = Explained.integer(ablation.get("layer"));
            String point = "layer" + layer + ".";
            Hooks hooks = Hooks.of(trained.model());
            switch ((String) ablation.get("kind")) {
                case "head" -> {
                    int head = Explained.integer(ablation.get("head"));
                    hooks.zero(point + "attn_heads", head * config.headDim(), (head + 1) * config.headDim());
                    assertEquals("layer " + layer + ", head " + head, ablation.get("name"));
                }
                case "attention" -> hooks.zero(point + "attn_out");
                case "mlp" -> hooks.zero(point + "mlp_out");
                default -> hooks.zero(point + "attn_out").zero(point + "mlp_out");
            }
            Tape tape = Tape.inference();
            tape.addHook(hooks);
            List<Prediction> without = Prediction.of(trained.model().forward(tape, Batch.ofPrompt(tokens)));
            assertEquals(loss(without, targets), Explained.number(ablation.get("loss")));
            assertEquals(loss(without, targets) - loss(whole, targets), Explained.number(ablation.get("change")));
            for (int t = 0; t < targets.length; t++) {
                assertEquals(
                        targets[t] < 0 ? null : without.get(t).probability(targets[t]),
                        Explained.list(ablation.get("probabilities")).get(t));
                assertChanged(
                        whole.get(t),
                        without.get(t),
                        Explained.list(Explained.list(ablation.get("changed")).get(t)));
            }
        }
    }

    private static void assertChanged(Prediction before, Prediction after, List<@Nullable Object> changed) {
        assertEquals(5, changed.size());
        double last = 1;
        for (Object one : changed) {
            int id = Explained.integer(Explained.list(one).get(0));
            assertEquals(
                    before.probability(id), Explained.number(Explained.list(one).get(1)));
            assertEquals(
                    after.probability(id), Explained.number(Explained.list(one).get(2)));
            double change = Math.abs(after.probability(id) - before.probability(id));
            assertTrue(change <= last, "the largest first");
            last = change;
        }
    }

    private static void assertStream(Explained page, Trace trace) {
        List<Map<String, @Nullable Object>> stream = page.all("stream");
        assertEquals(
                List.of("embd", "layer0.stream_mid", "layer0.stream", "layer1.stream_mid", "layer1.stream"),
                stream.stream().map(stage -> stage.get("name")).toList());
        double[] before = {};
        for (Map<String, @Nullable Object> stage : stream) {
            double[] x = trace.at((String) stage.get("name")).toArray();
            assertArrayEquals(x, page.tensor(stage.get("tensor")).data());
            assertNorms(x, stage.get("norms"));
            if (before.length > 0) {
                double[] added = trace.at((String) stage.get("added")).toArray();
                assertArrayEquals(added, page.tensor(stage.get("addedTensor")).data());
                assertNorms(added, stage.get("addedNorms"));
                for (int i = 0; i < x.length; i++) {
                    assertEquals(added[i] + before[i], x[i]);
                }
            }
            before = x;
        }
    }

    private static void assertNorms(double[] x, @Nullable Object norms) {
        double[] actual = Explained.numbers(norms);
        int columns = x.length / actual.length;
        for (int t = 0; t < actual.length; t++) {
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                squares += x[t * columns + c] * x[t * columns + c];
            }
            assertEquals(Math.sqrt(squares), actual[t], 1e-12);
        }
    }

    private static void assertAttention(
            Explained page, List<Map<String, @Nullable Object>> operations, TrainedModel trained) {
        GptConfig config = (GptConfig) trained.model().config();
        List<Map<String, @Nullable Object>> attention = page.all("attention");
        assertEquals(config.nLayer(), attention.size());
        for (int layer = 0; layer < attention.size(); layer++) {
            Map<String, @Nullable Object> one = attention.get(layer);
            assertEquals(layer, Explained.integer(one.get("layer")));
            Map<String, @Nullable Object> operation = operations.get(Explained.integer(one.get("operation")));
            assertEquals("layer" + layer + ".attention", operation.get("section"));
            assertEquals(List.of("layer" + layer + ".attn_heads"), operation.get("names"));
            Map<String, @Nullable Object> detail = Explained.map(operation.get("detail"));
            for (String field : List.of("heads", "keyHeads", "window", "scale", "scores", "probabilities")) {
                assertEquals(detail.get(field), one.get(field), field);
            }
            assertEquals(config.nHead(), Explained.integer(one.get("heads")));
            assertEquals(config.get(GptConfig.N_KV_HEAD), Explained.integer(one.get("keyHeads")));
        }
    }

    // ---- a choice of the numbers ----

    /** From the logits of a position to the weights of the embedding, through one layer, by what is on the page. */
    @ParameterizedTest
    @CsvSource({"microgpt, -1, 0", "nano, 5, 1", "llama, 3, 1", "nanochat, 7, 0", "nanochat, -1, 1", "gpt2, 0, 0"})
    void aPageOfALargeModelHasWhatTheFormulasOfAPositionRead(String name, int position, int layer) throws IOException {
        GptConfig config =
                config(name, LETTERS.vocabSize()).withSizes(2, 4, 48, 12).withInner(100);
        TrainedModel trained = save(config, LETTERS, DataFormat.TEXT);
        assertTrue(trained.model().parameters().count() > 20_000);
        String text = "abcabcmnoon";
        Explained some = position < 0
                ? explain(text, "--layer", Integer.toString(layer))
                : explain(text, "--position", Integer.toString(position), "--layer", Integer.toString(layer));
        int focus = position < 0 ? 10 : position;
        assertEquals(false, some.get("complete"));
        assertEquals(focus, Explained.integer(some.at("focus").get("position")));
        assertEquals(layer, Explained.integer(some.at("focus").get("layer")));
        List<Map<String, @Nullable Object>> operations = some.all("operations");
        some.assertLinked(operations);
        assertTrue(some.follow(operations, focus, layer, 8) > 500);
        assertTopIsFollowed(some, operations, focus);
    }

    @Test
    void aFullPageOfALargeModelHasAllNumbers() throws IOException {
        save(config("llama", LETTERS.vocabSize()).withSizes(2, 4, 48, 12).withInner(100), LETTERS, DataFormat.TEXT);
        Explained some = explain("abcabcmnoon");
        long small = Files.size(page);
        Explained all = explain("abcabcmnoon", "--full");
        assertEquals(true, all.get("complete"));
        all.checkAll(all.all("operations"));
        assertTrue(small < Files.size(page) / 2, small + " of " + Files.size(page));
        assertEquals(all.get("positions"), some.get("positions"));
        assertEquals(all.get("lens"), some.get("lens"));
        assertEquals(all.get("ablations"), some.get("ablations"));
        assertSameNumbers(all, some);
    }

    /** The likeliest tokens, the logits that a reader asks about first. */
    private static void assertTopIsFollowed(
            Explained page, List<Map<String, @Nullable Object>> operations, int position) {
        Map<String, @Nullable Object> head = operations.stream()
                .filter(operation -> operation.get("section").equals("head")
                        && operation.get("op").equals("linear"))
                .findFirst()
                .orElseThrow();
        Explained.Tensor weights = page.tensorAt(Explained.ints(head.get("inputs"))[1]);
        for (Object one : Explained.list(page.all("positions").get(position).get("top"))) {
            int id = Explained.integer(Explained.list(one).get(0));
            assertTrue(weights.has(id), "the weights of token " + id);
        }
    }

    private static void assertSameNumbers(Explained all, Explained some) {
        assertEquals(all.tensorCount(), some.tensorCount());
        for (int i = 0; i < all.tensorCount(); i++) {
            Explained.Tensor part = some.tensorAt(i);
            Explained.Tensor whole = all.tensorAt(i);
            for (int row = 0; row < part.rows(); row++) {
                for (int c = 0; c < part.columns() && part.has(row); c++) {
                    assertEquals(whole.at(row, c), part.at(row, c), 1e-7);
                }
            }
        }
    }

    // ---- texts ----

    @Test
    void aTextMayBeEmptyOneTokenOrAsLongAsTheBlock() throws IOException {
        save("microgpt", DataFormat.DOCUMENTS);
        Explained empty = explain("");
        assertArrayEquals(new int[] {LETTERS.bos()}, ids(empty, "tokens"));
        assertArrayEquals(new int[] {LETTERS.bos()}, ids(empty, "targets"));
        empty.checkAll(empty.all("operations"));
        assertEquals(12, ids(explain("abcabcabcab"), "tokens").length);
        assertRefused(
                ExitCode.CONTENT,
                "--text must have at most 11 tokens, but has 12: the block size is 12, and one position marks the"
                        + " beginning",
                "abcabcabcabc");
        save("nano", DataFormat.TEXT);
        assertArrayEquals(LETTERS.encode("\n"), ids(explain(""), "tokens"));
        Explained one = explain("a");
        assertArrayEquals(LETTERS.encode("a"), ids(one, "tokens"));
        assertNull(one.get("loss"));
        assertNull(one.all("ablations").get(0).get("loss"));
        assertNull(one.all("ablations").get(0).get("change"));
        one.checkAll(one.all("operations"));
        assertEquals(12, ids(explain("abcabcabcabc"), "tokens").length);
        assertRefused(
                ExitCode.CONTENT, "--text must have at most 12 tokens, the block size, but has 13", "abcabcabcabca");
    }

    @Test
    void aBlockMayBeOfOnePosition() throws IOException {
        save(config("microgpt", LETTERS.vocabSize()).withBlockSize(1), LETTERS, DataFormat.DOCUMENTS);
        Explained page = explain("");
        assertEquals(1, page.all("positions").size());
        page.checkAll(page.all("operations"));
        assertEquals(1, Explained.list(page.at("drawing").get("steps")).size());
        assertRefused(
                ExitCode.CONTENT,
                "--text must have at most 0 tokens, but has 1: the block size is 1, and one position marks the"
                        + " beginning",
                "a");
    }

    /** A token that is a part of a character is shown as bytes, what is drawn as the text that it is. */
    @ParameterizedTest
    @ValueSource(strings = {"한글👍", "é", "</script>\"&\n"})
    void aTokenMayBeAPartOfACharacter(String text) throws IOException {
        Tokenizer bytes = new ByteTokenizer();
        save(config("nano", bytes.vocabSize()), bytes, DataFormat.TEXT);
        Explained page = explain(text);
        assertEquals(text, page.get("text"));
        int[] tokens = ids(page, "tokens");
        assertArrayEquals(bytes.encode(text), tokens);
        for (int t = 0; t < tokens.length; t++) {
            String shown = (String)
                    Explained.map(Explained.list(page.get("tokens")).get(t)).get("text");
            assertEquals(
                    tokens[t] < 128
                            ? bytes.decode(tokens[t])
                            : "\\x" + Integer.toHexString(tokens[t]).toUpperCase(Locale.ROOT),
                    shown);
            assertEquals(shown, page.at("vocabulary").get(Integer.toString(tokens[t])));
        }
        assertDrawn(page, text);
    }

    /** A vocabulary of more than 512 tokens is on the page as far as it is used. */
    @Test
    void aTokenMayBeOfAnyBytes() throws IOException {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int b = 0; b < 256; b++) {
            builder.token(b, new byte[] {(byte) b});
        }
        byte[] first = {(byte) 0xED, (byte) 0x95};
        builder.token(256, first).merge(new byte[] {first[0]}, new byte[] {first[1]});
        for (int id = 257; id < 600; id++) {
            builder.special(id, "<" + id + ">");
        }
        Tokenizer tokenizer = new BpeTokenizer(builder.bos("<300>").build());
        save(config("llama", tokenizer.vocabSize()), tokenizer, DataFormat.DOCUMENTS);
        Explained page = explain("한");
        assertEquals(
                List.of("<BOS>", "\\xED\\x95", "\\x9C"),
                Explained.maps(page.get("tokens")).stream()
                        .map(token -> token.get("text"))
                        .toList());
        Map<String, @Nullable Object> vocabulary = page.at("vocabulary");
        assertTrue(vocabulary.size() < 600, vocabulary.toString());
        List<@Nullable Object> used = new ArrayList<>();
        page.all("positions").forEach(position -> used.addAll(Explained.list(position.get("top"))));
        Explained.maps(page.at("drawing").get("steps"))
                .forEach(step -> used.addAll(Explained.list(step.get("tokens"))));
        for (Object token : used) {
            int id = Explained.integer(Explained.list(token).get(0));
            String shown = (String) vocabulary.get(Integer.toString(id));
            assertFalse(shown == null || shown.isEmpty(), id + " is " + shown);
        }
        assertDrawn(page, "한");
    }

    // ---- the continuation ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seed 7",
                "--temperature 1 --top-k 3",
                "--temperature 2 --top-p 0.6 --seed 18446744073709551615",
                "--temperature 0"
            })
    void whatIsDrawnIsTheTextOfASample(String options) throws IOException {
        for (DataFormat format : DataFormat.values()) {
            save("microgpt", format);
            assertDrawn(explain("ab", options.split(" ")), "ab", options.split(" "));
        }
    }

    private void assertDrawn(Explained page, String prompt, String... options) {
        List<String> args =
                new ArrayList<>(List.of("sample", model.toString(), "--num-samples", "1", "--prompt", prompt));
        args.addAll(List.of(options));
        Map<String, @Nullable Object> drawing = page.at("drawing");
        int most = Explained.maps(drawing.get("steps")).size(); // up to the end of the block
        args.addAll(List.of("--max-new-tokens", Integer.toString(most)));
        Run sample = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, sample.exitCode(), sample.err());
        assertEquals(sample.out(), prompt + drawing.get("text") + "\n");
        double temperature = Explained.number(drawing.get("temperature"));
        for (Map<String, @Nullable Object> step : Explained.maps(drawing.get("steps"))) {
            String after = (String) step.get("after");
            assertTrue(((String) drawing.get("text")).startsWith(after), after);
            int drawn = Explained.integer(step.get("drawn"));
            assertEquals(temperature == 0, step.get("random") == null);
            List<@Nullable Object> tokens = Explained.list(step.get("tokens"));
            boolean isDrawnThere = false;
            double sum = 0;
            for (Object token : tokens) {
                List<@Nullable Object> values = Explained.list(token);
                double weight = Explained.number(values.get(2));
                sum += weight;
                assertEquals(weight > 0, values.get(3));
                if (tokens.size() == LETTERS.vocabSize()) {
                    assertEquals(sum, Explained.number(values.get(4)));
                }
                isDrawnThere |= Explained.integer(values.get(0)) == drawn && weight > 0;
            }
            assertTrue(isDrawnThere);
            if (temperature > 0 && tokens.size() == LETTERS.vocabSize()) {
                double at = Explained.number(step.get("random")) * sum;
                Object first = tokens.stream()
                        .filter(token -> Explained.number(Explained.list(token).get(4)) > at)
                        .findFirst()
                        .orElseThrow();
                assertEquals(drawn, Explained.integer(Explained.list(first).get(0)));
            }
        }
    }

    // ---- equal runs ----

    @Test
    void equalRunsWriteTheSameBytes() throws IOException {
        GptConfig config =
                config("llama", LETTERS.vocabSize()).withSizes(2, 4, 48, 12).withInner(100);
        save(config, LETTERS, DataFormat.TEXT);
        explain("abcabcmnoon", "--threads", "1");
        byte[] first = Files.readAllBytes(page);
        Explained again = explain("abcabcmnoon", "--threads", "2");
        assertArrayEquals(first, Files.readAllBytes(page));
        assertEquals(
                List.of("position", "layer"),
                List.copyOf(again.at("focus").keySet()),
                "in an order that does not change from one JVM to the next");
    }

    // ---- what is refused ----

    @Test
    void whatTheModelCannotReadIsRefused() throws IOException {
        save("nano", DataFormat.TEXT);
        Run unknown = run("ab!");
        assertEquals(ExitCode.CONTENT, unknown.exitCode());
        assertTrue(unknown.err().startsWith("microgpt: --text: tokenizer: '!' (U+0021) at index 2"), unknown.err());
        assertTrue(unknown.err().contains("\nhint: microgpt info "), unknown.err());
        assertRefused(
                ExitCode.USAGE, "--position is 3, but must be below 3, the number of tokens", "abc", "--position", "3");
        assertRefused(ExitCode.USAGE, "--layer is 2, but must be below 2, the number of layers", "abc", "--layer", "2");
        String hint = "\nhint: microgpt explain --help lists the options";
        for (String option : List.of("--position", "--layer")) {
            String message = option + " must be an integer of at least 0, but is \"-1\"" + hint;
            assertRefused(ExitCode.USAGE, message, "abc", option, "-1");
        }
        String message = "--step must be an integer of at least 1, but is \"0\"" + hint;
        assertRefused(ExitCode.USAGE, message, "abc", "--step", "0");
        Run alone = run("abc", "--step", "1");
        assertEquals(ExitCode.CONTENT, alone.exitCode());
        assertTrue(alone.err().contains("has a model without the state of its training run"), alone.err());
        assertTrue(alone.err().endsWith("\nhint: give a checkpoint of a training run, or omit --step\n"), alone.err());
    }

    @Test
    void moreTokensThanAPageShowsAreRefusedUnlessAllAreAskedFor() throws IOException {
        GptConfig config = config("nano", LETTERS.vocabSize()).withSizes(1, 1, 2, 140);
        save(config, LETTERS, DataFormat.TEXT);
        explain("ab".repeat(64));
        Run refused = run("ab".repeat(64) + "a");
        assertEquals(ExitCode.USAGE, refused.exitCode());
        assertEquals(
                "microgpt: --text has 129 tokens, but a page shows at most 128\n"
                        + "hint: give a shorter text, or --full for a very large page\n",
                refused.err());
        assertEquals(129, ids(explain("ab".repeat(64) + "a", "--full"), "tokens").length);
    }

    @Test
    void whatIsNotAPageIsNotReplaced() throws IOException {
        save("nano", DataFormat.TEXT);
        page = folder.resolve("gone").resolve("explain.html");
        assertRefused(
                ExitCode.IO,
                "--out " + page + ": the folder " + page.getParent() + " is missing\nhint: create it first",
                "abc");
        page = folder;
        assertRefused(ExitCode.IO, "--out " + folder + " must be a file, but is a folder", "abc");
        page = model;
        byte[] before = Files.readAllBytes(model);
        assertRefused(
                ExitCode.IO,
                model + ": it already exists and is not a page of microgpt explain; choose another name",
                "abc");
        assertArrayEquals(before, Files.readAllBytes(model));
        page = folder.resolve("page.html");
        explain("abc");
        explain("abc");
    }

    @Test
    void aBrokenModelIsNamed() throws IOException {
        TrainedModel trained = save("nano", DataFormat.TEXT);
        byte[] good = Files.readAllBytes(model);
        trained.model().parameters().all().get(0).data()[0] = 1e308;
        trained.model().parameters().all().get(0).data()[1] = 1e308;
        new TrainedModel(trained.model(), LETTERS, DataFormat.TEXT).save(model);
        Run broken = run("\n\n\n");
        assertEquals(ExitCode.CONTENT, broken.exitCode(), broken.err());
        assertTrue(broken.err().startsWith("microgpt: --checkpoint " + model + ": "), broken.err());
        assertTrue(broken.err().contains("the model has diverged or its weights are damaged"), broken.err());
        good[good.length - 1] ^= 1;
        Files.write(model, good);
        Run damaged = run("abc");
        assertEquals(ExitCode.CONTENT, damaged.exitCode(), damaged.err());
        assertFalse(Files.exists(page));
    }
}
