package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.serve.Serving.Answer;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for texts and their answers. */
class CompletionsTest {
    private static final TrainedModel NAMES = Serving.NAMES.trained();

    private static Serving serving;

    @BeforeAll
    static void start() throws IOException {
        serving = new Serving(2, 9, null, Serving.NAMES, Serving.TEXT);
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static List<Map<String, Object>> choices(Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        List<Map<String, Object>> choices = new ArrayList<>();
        ((List<?>) answer.json().get("choices")).forEach(each -> choices.add(Json.object("choice", each)));
        return choices;
    }

    private static List<Object> field(Answer answer, String name) {
        List<Object> values = new ArrayList<>();
        choices(answer).forEach(choice -> values.add(choice.get(name)));
        return values;
    }

    /** What {@code microgpt sample} prints, without the prompt. */
    private static List<Object> samples(TrainedModel model, String prompt, long seed, int count) {
        TextGenerator generator = model.generator(GenerationConfig.of(SamplingConfig.ofTemperature(0.5)));
        PythonRandom random = new PythonRandom(seed);
        int[] start = model.format().promptTokens(model.tokenizer(), prompt);
        List<Object> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(generator.generate(start, random).text());
        }
        return texts;
    }

    /** Of each token and each one listed with it, an answer in one piece has hundreds of bytes in memory. */
    @Test
    void theTokensOfAnAnswerInOnePieceAreLimited() {
        read("{\"n\":20,\"max_tokens\":1000,\"logprobs\":5}");
        read("{\"n\":26,\"max_tokens\":1000,\"logprobs\":5,\"stream\":true}");
        read("{\"n\":20,\"max_tokens\":1000}");
        ApiError refused = assertThrows(ApiError.class, () -> read("{\"n\":20,\"max_tokens\":1000,\"logprobs\":6}"));
        assertEquals(
                "the answer may have 140000 tokens with those of \"logprobs\", but in one piece may have at most"
                        + " 131072; ask for fewer, or set \"stream\" to true",
                refused.getMessage());
    }

    private static CompletionRequest read(String json) {
        ServedModels models = new ServedModels(List.of(Serving.TEXT));
        return CompletionRequest.read(json.getBytes(StandardCharsets.UTF_8), models, Serving.MAX_TOKENS);
    }

    @Test
    void theTextsOfASeedAreThoseOfTheSampleCommand() throws IOException {
        Answer names = serving.complete("{\"prompt\":\"ab\",\"n\":5,\"seed\":18446744073709551615}");
        assertEquals(samples(NAMES, "ab", -1, 5), field(names, "text"));
        assertEquals("18446744073709551615", String.valueOf(names.json().get("seed")));
        Answer text = serving.complete("{\"model\":\"text\",\"prompt\":\"The \",\"seed\":7}");
        assertEquals(samples(Serving.TEXT.trained(), "The ", 7, 1), field(text, "text"));
    }

    @Test
    void eachPromptIsAnsweredAsInARequestOfItsOwn() throws IOException {
        List<Object> expected = samples(NAMES, "a", 3, 2);
        expected.addAll(samples(NAMES, "bc", 3, 2));
        Answer answer = serving.complete("{\"prompt\":[\"a\",\"bc\"],\"n\":2,\"seed\":3}");
        assertEquals(expected, field(answer, "text"));
        assertEquals("[0, 1, 2, 3]", field(answer, "index").toString());
        Answer tokens = serving.complete("{\"prompt\":[[0],[1,2]],\"n\":2,\"seed\":3}");
        assertEquals(expected, field(tokens, "text"));
        Map<String, ?> usage = Json.object("usage", answer.json().get("usage"));
        assertEquals("5", String.valueOf(usage.get("prompt_tokens")), "with a BOS each");
    }

    @Test
    void theReasonOfTheEndIsTold() throws IOException {
        List<Object> reasons = field(serving.complete("{\"n\":100,\"seed\":1,\"temperature\":3}"), "finish_reason");
        assertTrue(reasons.contains("stop") && reasons.contains("length"), reasons::toString);
        Answer one = serving.complete("{\"max_tokens\":1,\"seed\":1,\"model\":\"text\"}");
        assertEquals(List.of("length"), field(one, "finish_reason"));
        GeneratedText expected = NAMES.generator(
                        GenerationConfig.of(SamplingConfig.ofTemperature(0.5)).withStop("a", "b", "c"))
                .generate(new int[] {NAMES.tokenizer().bos()}, new PythonRandom(1));
        Answer stopped = serving.complete("{\"seed\":1,\"stop\":[\"a\",\"b\",\"c\"]}");
        assertEquals(List.of(expected.text()), field(stopped, "text"));
    }

    @Test
    void aStreamHasTheSameTextsInParts() throws IOException {
        String json = "{\"prompt\":\"ab\",\"n\":3,\"seed\":5,\"echo\":true,\"logprobs\":1";
        Answer whole = serving.complete(json + "}");
        Answer stream = serving.complete(json + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertTrue(stream.head().contains("Content-type: text/event-stream"), stream.head());
        List<String> events = new ArrayList<>(List.of(stream.body().split("\n\n")));
        assertEquals("data: [DONE]", events.remove(events.size() - 1));
        Map<String, ?> usage =
                Json.readObject("usage", events.remove(events.size() - 1).substring(6));
        assertEquals(whole.json().get("usage"), usage.get("usage"));
        assertEquals(List.of(), usage.get("choices"));
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        List<Object> reasons = new ArrayList<>();
        List<Object> offsets = new ArrayList<>();
        int last = 0;
        for (String event : events) {
            Map<String, ?> part = Json.readObject("part", event.substring(6));
            assertTrue(part.containsKey("usage") && part.get("usage") == null, event);
            Map<String, ?> choice = Json.object("choice", ((List<?>) part.get("choices")).get(0));
            int index = ((Number) choice.get("index")).intValue();
            assertTrue(index >= last, "one after the other");
            last = index;
            texts[index].append(choice.get("text"));
            if (choice.get("finish_reason") != null) {
                reasons.add(choice.get("finish_reason"));
                assertNull(choice.get("logprobs"));
            } else {
                offsets.addAll(
                        (List<?>) Json.object("p", choice.get("logprobs")).get("text_offset"));
            }
        }
        assertEquals(field(whole, "text"), List.of(texts[0] + "", texts[1] + "", texts[2] + ""));
        assertEquals(field(whole, "finish_reason"), reasons);
        List<Object> expected = new ArrayList<>();
        field(whole, "logprobs")
                .forEach(
                        each -> expected.addAll((List<?>) Json.object("p", each).get("text_offset")));
        assertEquals(expected, offsets);
    }

    @Test
    void aPromptHasProbabilitiesToo() throws IOException {
        Answer answer = serving.complete("{\"prompt\":\"abc\",\"max_tokens\":0,\"echo\":true,\"logprobs\":0}");
        assertEquals(List.of("abc"), field(answer, "text"));
        assertEquals(List.of("length"), field(answer, "finish_reason"));
        Map<String, ?> logprobs =
                Json.object("logprobs", field(answer, "logprobs").get(0));
        assertEquals(List.of("a", "b", "c"), logprobs.get("tokens"));
        assertEquals(List.of(), logprobs.get("top_logprobs"));
        double[] sum = new double[1];
        ((List<?>) logprobs.get("token_logprobs")).forEach(each -> sum[0] += (Double) each);
        double end = NAMES.generator(GenerationConfig.of(SamplingConfig.ofTemperature(1)))
                .next(NAMES.format().promptTokens(NAMES.tokenizer(), "abc"))
                .logProbability(NAMES.tokenizer().bos());
        double bits = Serving.NAMES.scorer().score("abc").bits();
        assertEquals(-bits * Math.log(2), sum[0] + end, 1e-9);
        Answer text = serving.complete(
                "{\"model\":\"text\",\"prompt\":\"ab\",\"max_tokens\":0,\"echo\":true,\"logprobs\":2}");
        Map<String, ?> ofText = Json.object("logprobs", field(text, "logprobs").get(0));
        List<?> values = (List<?>) ofText.get("token_logprobs");
        assertEquals(2, values.size());
        assertNull(values.get(0), "nothing is before the first token of a text");
        assertNull(((List<?>) ofText.get("top_logprobs")).get(0));
    }

    @Test
    void aTextThatTheRequestDoesNotLimitIsLimitedByTheServer() {
        byte[] body = "{\"prompt\":\"abc\"}".getBytes(StandardCharsets.UTF_8);
        ServedModels models = new ServedModels(List.of(Serving.NAMES));
        CompletionRequest request = CompletionRequest.read(body, models, 3);
        Prompt prompt = request.prompts().get(0);
        assertEquals(3, request.config(prompt, 3).maxNewTokens());
        assertEquals(GenerationConfig.NO_LIMIT, request.config(prompt, 5).maxNewTokens(), "the block ends it");
    }

    /** Or one whose client is gone would work for minutes; that of a stream is missed at the next token. */
    @Test
    void onlyAStreamMayHaveAnyLength() {
        ServedModels models = new ServedModels(List.of(Serving.NAMES));
        for (String json : List.of("{\"n\":4,\"max_tokens\":3}", "{\"n\":5,\"max_tokens\":3,\"stream\":true}")) {
            CompletionRequest.read(json.getBytes(StandardCharsets.UTF_8), models, 3);
        }
        byte[] longer = "{\"n\":5}".getBytes(StandardCharsets.UTF_8);
        ApiError refused = assertThrows(ApiError.class, () -> CompletionRequest.read(longer, models, 3));
        assertTrue(refused.getMessage().contains("5 texts of up to 3 tokens"), refused.getMessage());
    }

    @Test
    void noTextIsBegunAfterTheEndOfTheServer() {
        byte[] body = "{\"n\":2}".getBytes(StandardCharsets.UTF_8);
        CompletionRequest request = CompletionRequest.read(body, new ServedModels(List.of(Serving.NAMES)), 9);
        Completions completions = new Completions(request, 9, new Exchange(null, null, null));
        Thread.currentThread().interrupt();
        try {
            assertEquals(
                    503, assertThrows(ApiError.class, completions::generate).status());
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(0, completions.generated());
    }

    @Test
    void withoutASeedTheTextsDiffer() throws IOException {
        Object first = serving.complete("{}").json().get("seed");
        Object second = serving.complete("{\"seed\":null}").json().get("seed");
        assertNotEquals(first, second);
        assertTrue(new BigInteger(first + "").bitLength() <= 53, first + " is no exact double");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"n\":0} | n | must be an integer from 1 to 128, but is 0",
                "{\"n\":1.5} | n | but is 1.5",
                "{\"max_tokens\":5001} | max_tokens | from 0 to 5000",
                "{\"max_tokens\":0} | max_tokens | at least 1 without",
                "{\"temperature\":-1} | temperature | of at least 0, but is -1",
                "{\"temperature\":1e999} | temperature | a finite number",
                "{\"top_p\":0} | top_p | above 0 and at most 1",
                "{\"top_k\":0} | top_k | of at least 1",
                "{\"logprobs\":101} | logprobs | from 0 to 100",
                "{\"logprobs\":true} | logprobs | but is true",
                "{\"seed\":-1} | seed | from 0 to 18446744073709551615",
                "{\"seed\":18446744073709551616} | seed | from 0 to 18446744073709551615",
                "{\"stop\":\"\"} | stop | at least one character each, but is \"\"",
                "{\"stop\":[\"a\",\"\"]} | stop | at least one character each, but has \"\" at index 1",
                "{\"stop\":[\"a\",[]]} | stop | a string or a list of strings, but has a list at index 1",
                "{\"stop\":1} | stop | a string or a list of strings, but is 1",
                "{\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\","
                        + "\"15\",\"16\",\"17\"]} | stop | up to 16 strings",
                "{\"stop\":\"\\ud800\"} | stop | half of a surrogate pair at index 0",
                "{\"prompt\":\"\\udc00\"} | prompt | half of a surrogate pair",
                "{\"prompt\":\"x\"} | prompt | 'x'",
                "{\"prompt\":[]} | prompt | a list of lists of tokens, but is an empty list",
                "{\"prompt\":[0,\"a\"]} | prompt | a list of lists of tokens, but has \"a\" at index 1",
                "{\"prompt\":[[1],\"a\"]} | prompt | a list of lists of tokens, but has \"a\" at index 1",
                "{\"prompt\":[\"a\",[1]]} | prompt | a list of lists of tokens, but has a list at index 1",
                "{\"prompt\":true} | prompt | a list of lists of tokens, but is true",
                "{\"prompt\":[[0],[9]]} | prompt | has the token 9 at index 0, but this model's are from 0 to 8",
                "{\"prompt\":\"abcdefgh\"} | prompt | has 8 tokens, but may have at most 7",
                "{\"model\":\"text\",\"prompt\":\"123456789\",\"echo\":true,\"logprobs\":0} | prompt | at most 8",
                "{\"prompt\":[\"a\",\"b\"],\"n\":65} | n | asks for 130 texts",
                "{\"model\":\"text\",\"n\":4,\"max_tokens\":5000,\"logprobs\":100} | logprobs | set \"stream\" to true",
                "{\"n\":5,\"max_tokens\":4001} | max_tokens | of up to 4001 tokens, 20005 together, but in one piece"
                        + " may ask for at most 20000; set \"stream\" to true, or send several requests",
                "{\"prompt\":[\"\",\"\"],\"n\":34,\"model\":\"text\"} | n | asks for 68 texts of up to 300 tokens",
                "{\"suffix\":\"x\"} | suffix | absent or empty",
                "{\"presence_penalty\":0.1} | presence_penalty | absent or 0",
                "{\"logit_bias\":{\"5\":1}} | logit_bias | absent or empty",
                "{\"best_of\":2} | best_of | absent or",
                "{\"stream\":\"yes\"} | stream | true or false, but is \"yes\"",
                "{\"stream_options\":{\"usage\":true}} | stream_options.usage | no field",
                "{\"stream_options\":{\"include_usage\":1}} | stream_options.include_usage | true or false, but is 1",
                "{\"Stream\":true} | Stream | did you mean \"stream\"?",
                "{\"max_new_tokens\":5} | max_new_tokens | did you mean \"max_tokens\"?",
                "{\"max_completion_tokens\":5} | max_completion_tokens | did you mean \"max_tokens\"?",
                "{\"input\":\"a\"} | input | did you mean \"prompt\"?",
                "{\"messages\":[]} | messages | continue text, and know no chats; did you mean \"prompt\"?",
            })
    void aWrongFieldIsNamed(String json, String param, String message) throws IOException {
        Answer answer = serving.complete(json);
        assertEquals(400, answer.status(), answer.body());
        assertEquals(param, answer.error("param"), answer.body());
        assertEquals("invalid_request_error", answer.error("type"));
        assertTrue(String.valueOf(answer.error("message")).contains(message), answer.body());
    }

    @Test
    void whatAsksForNothingIsAccepted() throws IOException {
        Answer answer = serving.complete("{\"suffix\":\"\",\"presence_penalty\":0,\"frequency_penalty\":0.0,"
                + "\"logit_bias\":{},\"n\":2,\"best_of\":2,\"user\":\"u\",\"metadata\":{},\"store\":true,"
                + "\"service_tier\":1,\"max_tokens\":null,\"logprobs\":null,\"stop\":[],\"echo\":false}");
        assertEquals(2, choices(answer).size());
        assertNull(choices(answer).get(0).get("logprobs"));
    }

    @Test
    void aBodyThatIsNotJsonInUtf8IsRefusedWithThePlace() throws IOException {
        assertEquals(
                "the body must be valid JSON, but is not at line 1, column 8 (the name \"n\" occurs twice)",
                serving.complete("{\"n\":1,\"n\":1}").error("message"));
        assertEquals(400, serving.complete("[]").status());
        try (Socket socket = serving.open(Serving.postHead("/v1/completions", "{1}") + "\r\n{")) {
            socket.getOutputStream().write(new byte[] {(byte) 0xFF, '}'});
            assertEquals(
                    "the body must be UTF-8, but is not at byte 1, counted from 0",
                    Serving.read(socket).error("message"));
        }
    }
}
