package dev.microgpt.cli.explain;

import dev.microgpt.cli.page.TokenText;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The texts of tokens for people: a token that is a part of a character has its bytes, such as {@code \xF0}. */
final class TokenTexts {
    /** The size of a vocabulary up to which all its tokens are on the page. */
    private static final int ALL = 512;

    private final Tokenizer tokenizer;
    private final SortedSet<Integer> used = new TreeSet<>();

    TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        for (int id = 0; id < tokenizer.vocabSize() && tokenizer.vocabSize() <= ALL; id++) {
            used.add(id);
        }
    }

    /** Puts a token into the {@link #vocabulary()}. */
    void use(int id) {
        used.add(id);
    }

    String of(int id) {
        if (id >= tokenizer.vocabSize()) {
            return "<" + id + ">"; // a model may have more tokens than its tokenizer
        }
        String text = TokenText.of(tokenizer, id);
        return text == null
                ? "\\x" + HexFormat.ofDelimiter("\\x").withUpperCase().formatHex(tokenizer.bytes(id))
                : text;
    }

    /** Returns tokens with id and text; null for −1. */
    List<@Nullable Object> json(int... ids) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int id : ids) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            if (id >= 0) {
                use(id);
                json.put("id", id);
                json.put("text", of(id));
            }
            list.add(id < 0 ? null : json);
        }
        return list;
    }

    /** Returns the texts of all tokens used so far. */
    Map<String, @Nullable Object> vocabulary() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int id : used) {
            json.put(Integer.toString(id), of(id));
        }
        return json;
    }
}
