package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the tokens of one text with their log-probabilities, and where in the text they begin. */
final class Logprobs {
    private static final int CONTINUATION = 0x80;
    private static final int CONTINUATION_MASK = 0xC0;

    private final Tokenizer tokenizer;
    private final int top;

    private List<@Nullable Object> tokens = new ArrayList<>();
    private List<@Nullable Object> values = new ArrayList<>();
    private List<@Nullable Object> tops = new ArrayList<>();
    private List<@Nullable Object> offsets = new ArrayList<>();

    /** The number of code points that have begun. */
    private int begun;

    /** The number of bytes that the last of them lacks. */
    private int missing;

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
        tokens.add(TokenText.of(tokenizer, token));
        values.add(prediction == null ? null : prediction.logProbability(token));
        if (top > 0) {
            tops.add(prediction == null ? null : likeliest(prediction));
        }
        byte[] bytes = tokenizer.bytes(token);
        boolean continues = missing > 0 && bytes.length > 0 && isContinuation(bytes[0]);
        offsets.add(continues ? begun - 1 : begun);
        for (byte b : bytes) {
            if (missing > 0 && isContinuation(b)) {
                missing--;
            } else {
                begun++; // one that is never completed becomes U+FFFD
                missing = b >= 0 ? 0 : Math.max(0, Integer.numberOfLeadingZeros(~(b << 24)) - 1);
            }
        }
    }

    private static boolean isContinuation(byte b) {
        return (b & CONTINUATION_MASK) == CONTINUATION;
    }

    private Map<String, @Nullable Object> likeliest(Prediction prediction) {
        Map<String, @Nullable Object> likeliest = new LinkedHashMap<>();
        for (int token : prediction.top(top)) {
            likeliest.put(TokenText.of(tokenizer, token), prediction.logProbability(token));
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
