package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serve} answers, against what the libraries and {@code sample} say, for many clients at a time. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeStreamsTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final int STREAMS = NIGHTLY ? 1000 : 100;
    private static final int CLIENTS = 8;
    private static final int PLACES = 4;
    private static final int QUEUE = 5;

    /** More than all buffers between the server and a client that does not read. */
    private static final int LONG = 1_000_000;

    private static final String LONG_TEXT =
            "{\"model\":\"text\",\"prompt\":\"the\",\"temperature\":0,\"stream\":true,\"max_tokens\":" + LONG + "}";

    private static final String[] PROMPTS = {"", "ka", "em", "j", "ann", "olivi"};
    private static final int SMALL_BUFFER = 4096;

    @TempDir
    static Path folder;

    private static TrainedModel names;
    private static TrainedModel text;
    private static Served served;

    @BeforeAll
    static void start() throws Exception {
        Served.trainNames(folder);
        Served.trainText(folder);
        names = TrainedModel.load(folder.resolve("names/checkpoint.safetensors"));
        text = TrainedModel.load(folder.resolve("text/checkpoint.safetensors"));
        served = Served.start(
                folder,
                path("names"),
                path("text/checkpoint.safetensors"),
                "--concurrent",
                Integer.toString(PLACES),
                "--queue",
                Integer.toString(QUEUE),
                "--max-tokens",
                Integer.toString(LONG));
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            served.close();
        }
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String json(Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return JsonWriter.text(fields);
    }

    private static HttpAnswer complete(Object... namesAndValues) throws Exception {
        HttpAnswer answer = served.post("/v1/completions", json(namesAndValues));
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("application/json", answer.header("content-type").split(";")[0]);
        return answer;
    }

    private static HttpEvents stream(Object... namesAndValues) throws Exception {
        String request = json(namesAndValues);
        HttpAnswer answer = served.post("/v1/completions", request);
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("text/event-stream", answer.header("content-type").split(";")[0]);
        return HttpEvents.of(answer.body(), request.contains("\"include_usage\":true"));
    }

    /** Sample number i, from 0, of this seed. */
    private static GeneratedText expected(
            TrainedModel model, GenerationConfig config, String prompt, long seed, int i) {
        TextGenerator generator = model.generator(config);
        PythonRandom random = new PythonRandom(seed);
        int[] tokens = model.format().promptTokens(model.tokenizer(), prompt);
        for (int skipped = 0; skipped < i; skipped++) {
            generator.generate(tokens, random);
        }
        return generator.generate(tokens, random);
    }

    private static GenerationConfig usual() {
        return GenerationConfig.of(SamplingConfig.ofTemperature(0.5));
    }

    private static String reason(GeneratedText text) {
        return text.ending() == GeneratedText.Ending.LENGTH ? "length" : "stop";
    }

    // ---- many at a time ----

    @Test
    void noStreamOfManyIsDroppedOrMixed() throws Exception {
        HttpClient client = HttpClient.newHttpClient(); // asks for HTTP/2, as it does by itself
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        Set<String> ids = ConcurrentHashMap.newKeySet();
        List<Future<?>> all = new ArrayList<>();
        double before = served.metric("microgpt_generated_tokens_total");
        double rejected = served.metric("microgpt_rejected_total");
        for (int i = 0; i < STREAMS; i++) {
            int seed = i;
            all.add(threads.submit(() -> {
                streamOne(client, seed, ids);
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get(Served.SECONDS, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertEquals(STREAMS, ids.size(), "each has an id of its own");
        assertTrue(served.metric("microgpt_generated_tokens_total") - before >= STREAMS);
        served.await("microgpt_generating", 0);
        assertEquals(0, served.metric("microgpt_waiting"));
        assertEquals(rejected, served.metric("microgpt_rejected_total"));
    }

    private static void streamOne(HttpClient client, int seed, Set<String> ids) throws Exception {
        String prompt = PROMPTS[seed % PROMPTS.length];
        boolean isText = seed % 4 == 3;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("stream", true);
        fields.put("seed", seed);
        fields.put("temperature", 0.9);
        fields.put("model", isText ? "text" : "names");
        fields.put("prompt", isText ? "the" : prompt);
        fields.put("max_tokens", isText ? 30 : null);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + served.port() + "/v1/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonWriter.text(fields)))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        HttpEvents events = HttpEvents.of(answer.body(), false);
        GenerationConfig config = GenerationConfig.of(SamplingConfig.ofTemperature(0.9));
        GeneratedText expected = isText
                ? expected(text, config.withMaxNewTokens(30), "the", seed, 0)
                : expected(names, config, prompt, seed, 0);
        assertEquals(List.of(expected.text()), events.texts(), () -> fields + "");
        assertEquals(List.of(reason(expected)), events.reasons(), () -> fields + "");
        ids.add(events.id());
    }

    @Test
    void clientsThatGoAwayOrNeverReadTakeNobodysPlaceForLong() throws Exception {
        double aborted = served.metric("microgpt_aborted_total");
        List<HttpWire> silent = new ArrayList<>();
        for (int i = 0; i < PLACES - 1; i++) {
            silent.add(neverReads());
        }
        served.await("microgpt_generating", PLACES - 1);
        for (int seed = 0; seed < 20; seed++) {
            assertEquals(
                    expected(names, usual(), "ka", seed, 0).text(),
                    complete("prompt", "ka", "seed", seed).text("choices", 0, "text"));
        }
        HttpWire reads = new HttpWire(served.port());
        reads.send(HttpWire.post("/v1/completions", LONG_TEXT));
        String beginning = new String(reads.body(reads.readHead()).readNBytes(2000));
        assertTrue(beginning.startsWith("data: {"), beginning);
        reads.close();
        served.await("microgpt_generating", PLACES - 1);
        for (HttpWire each : silent) {
            each.close();
        }
        served.await("microgpt_generating", 0);
        served.await("microgpt_aborted_total", aborted + PLACES);
        assertEquals(0, served.metric("microgpt_waiting"));
    }

    private static HttpWire neverReads() throws Exception {
        HttpWire wire = new HttpWire(served.port(), SMALL_BUFFER);
        wire.send(HttpWire.post("/v1/completions", LONG_TEXT));
        return wire;
    }

    @Test
    @Tag("slow")
    void aClientThatNeverReadsLosesItsPlaceAfterHalfAMinute() throws Exception {
        double aborted = served.metric("microgpt_aborted_total");
        try (HttpWire silent = neverReads()) {
            served.await("microgpt_generating", 1);
            served.await("microgpt_generating", 0);
            assertEquals(aborted + 1, served.metric("microgpt_aborted_total"));
            silent.send("");
        }
    }

    @Test
    void whoFindsTheQueueFullIsToldAtOnce() throws Exception {
        List<HttpWire> run = new ArrayList<>();
        List<HttpWire> wait = new ArrayList<>();
        double rejected = served.metric("microgpt_rejected_total");
        double aborted = served.metric("microgpt_aborted_total");
        for (int i = 0; i < PLACES; i++) {
            run.add(neverReads());
        }
        served.await("microgpt_generating", PLACES);
        for (int i = 0; i < QUEUE; i++) {
            wait.add(new HttpWire(served.port()));
            wait.get(i).send(HttpWire.post("/v1/completions", json("prompt", "an", "seed", i)));
            served.await("microgpt_waiting", i + 1);
        }
        for (String path : List.of("/v1/completions", "/v1/score", "/v1/completions")) {
            String body = path.equals("/v1/score") ? "{\"input\":\"ann\"}" : "{\"stream\":true}";
            HttpAnswer refused = served.post(path, body);
            assertEquals(429, refused.status(), refused::toString);
            assertEquals("1", refused.header("retry-after"));
            assertEquals("rate_limit_error", refused.text("error", "type"));
        }
        assertEquals(rejected + 3, served.metric("microgpt_rejected_total"));
        assertEquals(QUEUE, served.metric("microgpt_waiting"));
        assertEquals(PLACES, served.metric("microgpt_generating"));
        assertEquals(200, served.get("/health").status());
        wait.remove(2).close(); // gone before its turn
        for (HttpWire each : run) {
            each.close();
        }
        for (int seed : List.of(0, 1, 3, 4)) {
            try (HttpWire each = wait.remove(0)) {
                HttpAnswer answer = each.read();
                assertEquals(200, answer.status(), answer::toString);
                assertEquals(expected(names, usual(), "an", seed, 0).text(), answer.text("choices", 0, "text"));
            }
        }
        served.await("microgpt_generating", 0);
        assertEquals(0, served.metric("microgpt_waiting"));
        assertTrue(served.metric("microgpt_aborted_total") >= aborted + PLACES);
    }

    // ---- what it answers ----

    /** With the program, not only with the libraries. */
    @Test
    void choicesAreWhatSamplePrints() throws Exception {
        List<String> prompts = List.of("ka", "em", "");
        HttpAnswer plain = complete("prompt", prompts, "n", 3, "seed", 7, "model", "names");
        HttpAnswer echo = complete("prompt", prompts, "n", 3, "seed", 7, "echo", true);
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
            Run run = Run.of(
                    "sample",
                    "--checkpoint",
                    path("names"),
                    "--num-samples=3",
                    "--seed=7",
                    "--prompt=" + prompts.get(prompt));
            List<String> lines = run.out().lines().toList();
            for (int i = 0; i < 3; i++) {
                int choice = 3 * prompt + i;
                assertEquals(choice, plain.integer("choices", choice, "index"));
                assertEquals(
                        lines.get(i), prompts.get(prompt) + plain.text("choices", choice, "text"), plain::toString);
                assertEquals(lines.get(i), echo.text("choices", choice, "text"), echo::toString);
            }
        }
        assertEquals(9, ((List<?>) plain.at("choices")).size());
        assertEquals(7, plain.integer("seed"));
        assertNotEquals(plain.text("id"), echo.text("id"));
    }

    @Test
    void everySettingIsThatOfSample() throws Exception {
        String[][] settings = {
            {"temperature", "0", "--temperature"},
            {"temperature", "1.3", "--temperature"},
            {"top_k", "2", "--top-k"},
            {"top_p", "0.4", "--top-p"},
            {"max_tokens", "3", "--max-new-tokens"},
            {"max_tokens", "70", "--max-new-tokens"},
            {"seed", "18446744073709551615", "--seed"},
            {"stop", "\"z\"", "--stop"}
        };
        for (int i = 0; i < settings.length; i++) {
            String[] setting = settings[i];
            // one of them in turn, and both in a nightly build
            for (String model : NIGHTLY ? List.of("names", "text") : List.of(i % 2 == 0 ? "names" : "text")) {
                String prompt = model.equals("names") ? "a" : "the";
                String body = "{\"model\":\"" + model + "\",\"prompt\":\"" + prompt + "\",\"" + setting[0] + "\":"
                        + setting[1] + (setting[0].equals("seed") ? "}" : ",\"seed\":11}");
                HttpAnswer answer = served.post("/v1/completions", body);
                assertEquals(200, answer.status(), answer::toString);
                List<String> args = new ArrayList<>(List.of("sample", "--checkpoint", path(model), "--num-samples=1"));
                args.addAll(List.of("--prompt", prompt, setting[2] + "=" + setting[1].replace("\"", "")));
                if (!setting[0].equals("seed")) {
                    args.add("--seed=11");
                }
                Run run = Run.of(args.toArray(new String[0]));
                assertEquals(run.out(), prompt + answer.text("choices", 0, "text") + "\n", body);
            }
        }
    }

    @Test
    void aTextIsTheSameStreamedOrNot() throws Exception {
        Object[][] requests = {
            {"prompt", "an", "n", 4, "seed", 1},
            {"prompt", List.of("ka", "b"), "n", 2, "seed", 2, "echo", true},
            {"prompt", List.of(List.of(1, 2), List.of(3)), "seed", 3},
            {"prompt", List.of(0, 13), "seed", 4},
            {"model", "text", "prompt", "the", "seed", 5, "stop", List.of("fox", "dog")},
            {"model", "text", "prompt", "the qu", "seed", 6, "stop", "\n", "n", 2},
            {"model", "text", "prompt", "fox", "seed", 7, "max_tokens", 40, "echo", true},
            {"model", "text", "seed", 8},
            {"seed", 9, "user", "u", "metadata", Map.of("a", "b"), "store", true, "service_tier", "auto"},
            {"seed", 9, "suffix", "", "presence_penalty", 0, "frequency_penalty", 0, "logit_bias", Map.of()},
            {"prompt", "ka", "max_tokens", 0, "echo", true}
        };
        for (Object[] request : requests) {
            HttpAnswer plain = complete(request);
            Object[] streamed = new Object[request.length + 4];
            System.arraycopy(request, 0, streamed, 4, request.length);
            streamed[0] = "stream";
            streamed[1] = true;
            streamed[2] = "stream_options";
            streamed[3] = Map.of("include_usage", true);
            HttpEvents events = stream(streamed);
            List<String> texts = new ArrayList<>();
            List<String> reasons = new ArrayList<>();
            for (Object choice : (List<?>) plain.at("choices")) {
                texts.add((String) HttpAnswer.in(choice, "text"));
                reasons.add((String) HttpAnswer.in(choice, "finish_reason"));
            }
            assertEquals(texts, events.texts(), plain::toString);
            assertEquals(reasons, events.reasons(), plain::toString);
            assertEquals(plain.at("usage"), events.usage(), plain::toString);
            assertEquals(
                    plain.integer("usage", "total_tokens"),
                    plain.integer("usage", "prompt_tokens") + plain.integer("usage", "completion_tokens"));
        }
    }

    @Test
    void usageAndTheRestOfAnAnswerAreRight() throws Exception {
        long before = System.currentTimeMillis() / 1000;
        HttpAnswer answer = complete("prompt", List.of("ka", "anna"), "n", 2, "seed", 3);
        int tokens = 0;
        for (int i = 0; i < 4; i++) {
            GeneratedText text = expected(names, usual(), i < 2 ? "ka" : "anna", 3, i % 2);
            tokens += text.tokens();
            assertEquals(reason(text), answer.text("choices", i, "finish_reason"));
            assertTrue(answer.body().contains("\"logprobs\":null"), answer::body);
        }
        assertEquals(3 + 5, answer.integer("usage", "prompt_tokens"), "with BOS");
        assertEquals(tokens, answer.integer("usage", "completion_tokens"));
        assertTrue(answer.text("id").startsWith("cmpl-"), answer::body);
        assertEquals("text_completion", answer.text("object"));
        assertEquals("names", answer.text("model"));
        assertTrue(answer.integer("created") >= before, answer::body);
        byte[] file = Files.readAllBytes(folder.resolve("names/checkpoint.safetensors"));
        assertEquals(HexFormat.of().formatHex(Sha256.digest().digest(file)), answer.text("system_fingerprint"));
        HttpAnswer random = complete("prompt", "");
        String again = "{\"prompt\":\"\",\"seed\":" + random.at("seed") + "}";
        assertEquals(random.at("choices"), served.post("/v1/completions", again).at("choices"));
        assertNotEquals(random.at("seed"), complete("prompt", "").at("seed"));
    }

    @Test
    void logprobsAreThoseOfTheModel() throws Exception {
        HttpAnswer echo = complete("prompt", "anna", "max_tokens", 0, "echo", true, "logprobs", 0);
        assertEquals(List.of("a", "n", "n", "a"), echo.at("choices", 0, "logprobs", "tokens"));
        assertEquals(
                "[0, 1, 2, 3]", echo.at("choices", 0, "logprobs", "text_offset").toString());
        LineScore score = new LineScorer(names).score("anna");
        double sum = 0;
        for (Object each : (List<?>) echo.at("choices", 0, "logprobs", "token_logprobs")) {
            sum += ((Number) each).doubleValue();
        }
        double end = next("anna", 1000).get("<BOS>");
        assertEquals(score.bits(), -(sum + end) / StrictMath.log(2), 1e-9);

        HttpAnswer drawn = complete("prompt", "an", "seed", 4, "logprobs", 3, "top_k", 2);
        List<?> tokens = (List<?>) drawn.at("choices", 0, "logprobs", "tokens");
        assertEquals(drawn.text("choices", 0, "text"), String.join("", tokens.toArray(new String[0])));
        String prompt = "an";
        for (int i = 0; i < tokens.size(); i++) {
            Map<String, Double> distribution = next(prompt, 1000);
            Double logprob = (Double) drawn.at("choices", 0, "logprobs", "token_logprobs", i);
            assertEquals(distribution.get(tokens.get(i)), logprob, 1e-12, drawn::toString);
            Map<?, ?> top = (Map<?, ?>) drawn.at("choices", 0, "logprobs", "top_logprobs", i);
            List<String> likeliest = List.copyOf(distribution.keySet()).subList(0, 3);
            assertTrue(top.keySet().containsAll(likeliest), () -> top + " has " + likeliest);
            prompt += tokens.get(i);
        }
        HttpEvents streamed = stream("prompt", "an", "seed", 4, "logprobs", 3, "top_k", 2, "stream", true);
        assertEquals(List.of(drawn.text("choices", 0, "text")), streamed.texts());
    }

    /** The logarithms of the probabilities of what may follow, most likely first. */
    private static Map<String, Double> next(String prompt, int top) throws Exception {
        HttpAnswer answer = served.post("/v1/next", json("prompt", prompt, "top", top));
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("next_tokens", answer.text("object"));
        Map<String, Double> next = new LinkedHashMap<>();
        double last = 0;
        for (Object each : (List<?>) answer.at("data")) {
            double logprob = ((Number) HttpAnswer.in(each, "logprob")).doubleValue();
            assertTrue(logprob <= last, answer::body);
            last = logprob;
            next.put((String) HttpAnswer.in(each, "text"), logprob);
        }
        return next;
    }

    @Test
    void theNextTokensAreAWholeDistribution() throws Exception {
        Map<String, Double> all = next("ka", 1000);
        assertEquals(names.tokenizer().vocabSize(), all.size());
        assertEquals(1, all.values().stream().mapToDouble(StrictMath::exp).sum(), 1e-9);
        assertEquals(20, next("", 20).size());
        HttpAnswer usual = served.post("/v1/next", "{\"prompt\":\"ka\"}");
        assertEquals(20, ((List<?>) usual.at("data")).size());
    }

    @Test
    void scoresAreThoseOfTheLibrary() throws Exception {
        List<String> lines = List.of("anna", "xxzq", "", "Ünter", "a".repeat(100));
        HttpAnswer answer = served.post("/v1/score", json("input", lines));
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("names", answer.text("model"));
        List<LineScore> scores = new LineScorer(names).score(lines);
        for (int i = 0; i < lines.size(); i++) {
            LineScore score = scores.get(i);
            assertEquals(i, answer.integer("data", i, "index"));
            assertEquals(score.bits(), answer.at("data", i, "bits"));
            assertEquals(score.bitsPerCharacter(), answer.at("data", i, "score"));
            assertEquals(score.characters(), answer.integer("data", i, "characters"));
            assertEquals(score.worstText(), answer.text("data", i, "worst", "text"));
            assertEquals(score.worst(), answer.integer("data", i, "worst", "at"));
            assertEquals(score.worstBits(), answer.at("data", i, "worst", "bits"));
        }
        HttpAnswer one = served.post("/v1/score", json("input", "the fox", "model", "text"));
        assertEquals(new LineScorer(text).score("the fox").bits(), one.at("data", 0, "bits"));
        assertTrue(one.body().contains("\"usage\""), one::body);
    }

    @Test
    void theOtherAddressesAnswer() throws Exception {
        assertEquals("names, text", served.names());
        HttpAnswer models = served.get("/v1/models");
        assertEquals("list", models.text("object"));
        assertEquals(2, ((List<?>) models.at("data")).size());
        assertEquals("names", models.text("data", 0, "id"));
        HttpAnswer model = served.get("/v1/models/text");
        assertEquals("text", model.text("id"));
        assertEquals("model", model.text("object"));
        assertEquals("microgpt", model.text("owned_by"));
        assertEquals(8, model.integer("block_size"));
        assertEquals(text.model().config().vocabSize(), model.integer("vocab_size"));
        assertEquals(text.model().config().parameterCount(), model.integer("parameters"));
        assertEquals("text", model.text("format"));
        assertEquals("{\"status\":\"ok\"}", served.get("/health").body().replace(" ", ""));
        assertEquals(204, served.get("/favicon.ico").status());
        HttpAnswer page = served.get("/");
        assertEquals("text/html", page.header("content-type").split(";")[0]);
        String policy = page.header("content-security-policy");
        assertTrue(policy.contains("default-src 'none'") || policy.contains("default-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(page.body().matches("(?s).*(src|href)=\"?(https?:)?//.*"), "no request to others");
        HttpAnswer metrics = served.get("/metrics");
        assertTrue(metrics.header("content-type").startsWith("text/plain; version=0.0.4"), metrics::toString);
        for (String line : metrics.body().lines().toList()) {
            assertTrue(
                    line.matches("# (HELP|TYPE) microgpt_\\w+ .+")
                            || line.matches("microgpt_\\w+(\\{(\\w+=\"[^\"]*\",?)+})? (\\S+)"),
                    line);
        }
        for (String name : ("requests_total request_seconds_count prompt_tokens_total generated_tokens_total generating"
                        + " waiting rejected_total aborted_total")
                .split(" ")) {
            assertTrue(metrics.body().contains("\nmicrogpt_" + name), () -> name + " in " + metrics.body());
        }
        for (String path : List.of("chat/completions", "embeddings", "responses")) {
            HttpAnswer refused = served.post("/v1/" + path, "{\"model\":\"names\"}");
            assertEquals(400, refused.status(), refused::toString);
            assertTrue(refused.text("error", "message").contains("/v1/completions"), refused::toString);
        }
        String unknown = served.post("/v1/completions", "{\"model\":\"x\"}").text("error", "message");
        assertTrue(unknown.contains("names") && unknown.contains("text"), unknown);
        String character = served.post("/v1/completions", "{\"prompt\":\"aZ\"}").text("error", "message");
        assertTrue(character.contains("Z"), character);
        try (HttpWire wire = new HttpWire(served.port())) {
            wire.send(HttpWire.get("/health").replace("GET", "HEAD") + HttpWire.get("/health"));
            assertEquals(200, wire.readHead().status());
            HttpAnswer after = wire.read();
            assertEquals("{\"status\":\"ok\"}", after.body(), "HEAD has no body before this answer");
        }
    }
}
