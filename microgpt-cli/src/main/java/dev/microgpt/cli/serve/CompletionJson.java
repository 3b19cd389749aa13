package dev.microgpt.cli.serve;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The JSON of an answer with texts, whole or in parts. */
final class CompletionJson {
    private static final long MILLIS = 1000;

    private final CompletionRequest request;
    private final Map<String, @Nullable Object> head = new LinkedHashMap<>();

    CompletionJson(CompletionRequest request) {
        this.request = request;
        head.put("id", "cmpl-" + UUID.randomUUID());
        head.put("object", "text_completion");
        head.put("created", System.currentTimeMillis() / MILLIS);
        head.put("model", request.model().name());
        head.put("system_fingerprint", request.model().fingerprint());
        head.put("seed", new BigInteger(Long.toUnsignedString(request.seed())));
    }

    /** Returns a text, or a part of it. */
    static Map<String, @Nullable Object> choice(
            int index, String text, @Nullable Map<String, @Nullable Object> logprobs, @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("text", text);
        choice.put("index", index);
        choice.put("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    /** Returns the answer in one piece. */
    Map<String, @Nullable Object> whole(List<@Nullable Object> choices, int completionTokens) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(head);
        json.put("choices", choices);
        json.put("usage", usage(completionTokens));
        return json;
    }

    /** Returns a part of a stream. */
    Map<String, @Nullable Object> part(Map<String, @Nullable Object> choice) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(head);
        json.put("choices", List.of(choice));
        if (request.includeUsage()) {
            json.put("usage", null);
        }
        return json;
    }

    /** Returns the last part of a stream, if it was asked for. */
    Map<String, @Nullable Object> usagePart(int completionTokens) {
        return whole(new ArrayList<>(), completionTokens);
    }

    private Map<String, @Nullable Object> usage(int completionTokens) {
        int promptTokens = request.promptTokens();
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        return usage;
    }
}
