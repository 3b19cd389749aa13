package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the tokens of one text with their log-probabilities, and where in the text they begin. */
final class Logprobs {
    private final Tokenizer tokenizer;
    private final int top;

    private List<@Nullable Object> tokens = new ArrayList<>();
    private List<@Nullable Object> values = new ArrayList<>();
    private List<@Nullable Object> tops = new ArrayList<>();
    private List<@Nullable Object> offsets = new ArrayList<>();

    /** The number of code points that have begun. */
    private int begun;

    /** The bytes of the last of them so far. */
    private byte[] last = {};

    /**
     * Begins a text.
     *
     * @param top the number of most likely tokens to list for each token
     */
    Logprobs(Tokenizer tokenizer, int top) {
        this.tokenizer = tokenizer;
        this.top = top;
    }

    /**
     * Adds a token.
     *
     * @param prediction what the model expected in its place; null if nothing was before it
     */
    void add(int token, @Nullable Prediction prediction) {
        tokens.add(ApiToken.of(tokenizer, token));
        values.add(prediction == null ? null : prediction.logProbability(token));
        if (top > 0) {
            tops.add(prediction == null ? null : likeliest(prediction));
        }
        offsets.add(begin(tokenizer.bytes(token)));
    }

    /** Counts what these bytes begin, and returns in which code point they begin. */
    private int begin(byte[] bytes) {
        int first = begun;
        for (int i = 0; i < bytes.length; i++) {
            byte[] longer = Arrays.copyOf(last, last.length + 1);
            longer[last.length] = bytes[i];
            String text = new String(longer, StandardCharsets.UTF_8); // what is not UTF-8 is U+FFFD, as in the text
            boolean begins = last.length == 0 || text.codePointCount(0, text.length()) > 1;
            begun += begins ? 1 : 0;
            last = begins ? new byte[] {bytes[i]} : longer;
            first = i == 0 ? begun - 1 : first;
        }
        return first;
    }

    private Map<String, @Nullable Object> likeliest(Prediction prediction) {
        Map<String, @Nullable Object> likeliest = new LinkedHashMap<>();
        for (int token : prediction.top(top)) {
            likeliest.put(ApiToken.of(tokenizer, token), prediction.logProbability(token));
        }
        return likeliest;
    }

    /** Returns what has been added since the last call. */
    Map<String, @Nullable Object> take() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokens", tokens);
        json.put("token_logprobs", values);
        json.put("top_logprobs", tops);
        json.put("text_offset", offsets);
        tokens = new ArrayList<>();
        values = new ArrayList<>();
        tops = new ArrayList<>();
        offsets = new ArrayList<>();
        return json;
    }
}
