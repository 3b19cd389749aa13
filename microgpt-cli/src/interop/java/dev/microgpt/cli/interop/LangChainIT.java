package dev.microgpt.cli.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingLanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LangChain4j with the server, and with a model in the same process. */
@Timeout(120)
class LangChainIT {
    private static final String KEY = "a-key-of-these-tests";

    /** LangChain4j sends no seed, so texts are comparable without one. */
    private static final GenerationConfig GREEDY = GenerationConfig.of(SamplingConfig.ofTemperature(0));

    @TempDir
    static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        ServerProcess.train(folder);
        Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
        server = new ServerProcess(folder, "names", "text", "--api-key-file", key.toString());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    private static TrainedModel trained(String name) throws IOException {
        return TrainedModel.load(folder.resolve(name).resolve("checkpoint.safetensors"));
    }

    private static OpenAiLanguageModel.OpenAiLanguageModelBuilder overHttp(String name) {
        return OpenAiLanguageModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(KEY)
                .modelName(name)
                .maxRetries(0)
                .temperature(0.0);
    }

    private static void assertIs(TrainedModel model, GeneratedText expected, String prompt, Response<String> found) {
        assertFalse(expected.text().isEmpty());
        assertEquals(expected.text(), found.content());
        boolean cut = expected.ending() == GeneratedText.Ending.LENGTH;
        assertEquals(cut ? FinishReason.LENGTH : FinishReason.STOP, found.finishReason());
        int promptTokens = model.format().promptTokens(model.tokenizer(), prompt).length;
        assertEquals(promptTokens, found.tokenUsage().inputTokenCount());
        assertEquals(expected.tokens(), found.tokenUsage().outputTokenCount());
        assertEquals(promptTokens + expected.tokens(), found.tokenUsage().totalTokenCount());
    }

    @ParameterizedTest
    @CsvSource({"names, ka", "text, the "})
    void theTextIsTheLibrarys(String name, String prompt) throws IOException {
        TrainedModel model = trained(name);
        GeneratedText expected = model.stream(prompt, GREEDY, 1, piece -> {});
        assertIs(model, expected, prompt, overHttp(name).build().generate(prompt));
        assertIs(model, expected, prompt, new TrainedLanguageModel(model, GREEDY, 1).generate(prompt));
    }

    @ParameterizedTest
    @CsvSource({"names, ka", "text, the "})
    void theStreamedPiecesAreTheLibrarys(String name, String prompt) throws Exception {
        TrainedModel model = trained(name);
        List<String> expected = new ArrayList<>();
        GeneratedText text = model.stream(prompt, GREEDY, 1, expected::add);
        assertTrue(expected.size() > 1, expected::toString);
        StreamingLanguageModel overHttp = OpenAiStreamingLanguageModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(KEY)
                .modelName(name)
                .temperature(0.0)
                .build();
        for (StreamingLanguageModel each : List.of(overHttp, new TrainedLanguageModel(model, GREEDY, 1))) {
            Pieces pieces = new Pieces();
            each.generate(prompt, pieces);
            assertIs(model, text, prompt, pieces.end.get(60, TimeUnit.SECONDS));
            pieces.all.removeIf(String::isEmpty); // the last chunk may only have the reason why it is the last
            assertEquals(expected, pieces.all);
        }
    }

    @Test
    void inTheSameProcessTheSeedCounts() throws IOException {
        TrainedModel model = trained("text");
        GenerationConfig config =
                GenerationConfig.of(SamplingConfig.ofTemperature(1)).withMaxNewTokens(20);
        LanguageModel seven = new TrainedLanguageModel(model, config, 7);
        assertEquals(model.generate("the ", config, 7), seven.generate("the ").content());
        assertEquals(seven.generate("the ").content(), seven.generate("the ").content());
        assertNotEquals(
                seven.generate("the ").content(),
                new TrainedLanguageModel(model, config, 8).generate("the ").content());
    }

    @Test
    void aFailureInTheSameProcessReachesTheHandler() throws Exception {
        Pieces pieces = new Pieces();
        new TrainedLanguageModel(trained("names"), GREEDY, 1).generate("KA", pieces);
        Throwable failure = assertThrows(Exception.class, () -> pieces.end.get(60, TimeUnit.SECONDS))
                .getCause();
        assertTrue(failure.getMessage().contains("'K'"), failure.getMessage());
    }

    @Test
    void refusalsAreLangChainsExceptionsWithOurSentence() {
        assertRefused(
                ModelNotFoundException.class,
                "only \\\"names\\\", \\\"text\\\"",
                overHttp("nanes").build(),
                "ka");
        assertRefused(InvalidRequestException.class, "'K'", overHttp("names").build(), "KA");
        assertRefused(
                InvalidRequestException.class,
                "temperature",
                overHttp("names").temperature(-1.0).build(),
                "ka");
        assertRefused(
                AuthenticationException.class,
                "Bearer",
                overHttp("names").apiKey("another").build(),
                "ka");
    }

    private static void assertRefused(
            Class<? extends LangChain4jException> type, String message, LanguageModel model, String prompt) {
        LangChain4jException refused = assertThrows(type, () -> model.generate(prompt));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void aChatIsToldWhatToUse() {
        OpenAiChatModel chat = OpenAiChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(KEY)
                .modelName("names")
                .maxRetries(0)
                .build();
        InvalidRequestException refused = assertThrows(InvalidRequestException.class, () -> chat.chat("Who are you?"));
        assertTrue(refused.getMessage().contains("/v1/completions"), refused.getMessage());
    }

    /** The page shows the class whole, without its package and imports. */
    @Test
    void thePageShowsTheClass() throws IOException {
        String page = Files.readString(Path.of("../docs/serving.md")).replace("\r\n", "\n");
        String source = Files.readString(Path.of("src/interop/java/dev/microgpt/cli/interop/TrainedLanguageModel.java"))
                .replace("\r\n", "\n");
        assertTrue(page.contains("```java\n" + source.substring(source.indexOf("public final class")) + "```\n"));
    }

    private static final class Pieces implements StreamingResponseHandler<String> {
        private final List<String> all = new ArrayList<>();
        private final CompletableFuture<Response<String>> end = new CompletableFuture<>();

        @Override
        public void onNext(String piece) {
            all.add(piece);
        }

        @Override
        public void onComplete(Response<String> response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }
    }
}
