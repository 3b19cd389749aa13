package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for the most likely next tokens.
 *
 * @param model  the model
 * @param prompt what they follow
 * @param top    how many
 */
record NextTokens(ServedModel model, Prompt prompt, int top) {
    private static final Set<String> KNOWN = Set.of("model", Prompt.FIELD, "top");
    private static final int USUAL = 20;
    private static final int MOST = 1000;

    static NextTokens read(byte[] body, ServedModels models) {
        Fields fields = Fields.read(body, KNOWN);
        ServedModel model = models.named(fields.text("model"));
        List<Prompt> prompts = Prompt.all(fields, model);
        if (prompts.size() > 1) {
            throw ApiError.ofField(
                    Prompt.FIELD, "there are " + prompts.size() + " prompts, but must be one; send several requests");
        }
        return new NextTokens(model, prompts.get(0), fields.integer("top", 1, MOST, USUAL));
    }

    Map<String, @Nullable Object> json() {
        GenerationConfig config = GenerationConfig.of(SamplingConfig.ofTemperature(1));
        Prediction prediction = model.trained().generator(config).next(prompt.start());
        Tokenizer tokenizer = model.trained().tokenizer();
        List<@Nullable Object> data = new ArrayList<>();
        for (int id : prediction.top(top)) {
            Map<String, @Nullable Object> token = new LinkedHashMap<>();
            token.put("token", id);
            token.put("text", ApiToken.of(tokenizer, id));
            token.put("logprob", prediction.logProbability(id));
            data.add(token);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("object", "next_tokens");
        json.put("model", model.name());
        json.put("data", data);
        return json;
    }
}
