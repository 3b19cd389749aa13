package dev.microgpt.cli.interop;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.train.checkpoint.TrainedModel;

/** A trained model as LangChain4j's interfaces have it, without a server; docs/serving.md shows this class. */
public final class TrainedLanguageModel implements LanguageModel, StreamingLanguageModel {
    private final TrainedModel model;
    private final GenerationConfig config;
    private final long seed;

    public TrainedLanguageModel(TrainedModel model, GenerationConfig config, long seed) {
        this.model = model;
        this.config = config;
        this.seed = seed;
    }

    @Override
    public Response<String> generate(String prompt) {
        return response(prompt, model.stream(prompt, config, seed, piece -> {}));
    }

    @Override
    public void generate(String prompt, StreamingResponseHandler<String> handler) {
        GeneratedText text;
        try {
            text = model.stream(prompt, config, seed, handler::onNext);
        } catch (RuntimeException failure) {
            handler.onError(failure);
            return;
        }
        handler.onComplete(response(prompt, text));
    }

    private Response<String> response(String prompt, GeneratedText text) {
        int promptTokens = model.format().promptTokens(model.tokenizer(), prompt).length;
        boolean cut = text.ending() == GeneratedText.Ending.LENGTH;
        return Response.from(
                text.text(),
                new TokenUsage(promptTokens, text.tokens()),
                cut ? FinishReason.LENGTH : FinishReason.STOP);
    }
}
