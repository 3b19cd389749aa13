package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteLetters;
import dev.microgpt.train.internal.Quoted;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a byte-level BPE vocabulary from the {@code tokenizer.json} of Hugging Face's tokenizers.
 *
 * <p>The file must split and merge text exactly as GPT-2 does; any setting that would tokenize differently is refused
 * by name. Post-processing, such as a template that adds special tokens, is ignored.
 *
 * <p>BOS is {@code <|endoftext|>}, or else the only special token; otherwise there is none. Where this default would be
 * wrong, a field {@code bos} of our own marks the special token that is BOS; other programs ignore it.
 *
 * @see <a href="https://huggingface.co/docs/tokenizers">Hugging Face, tokenizers</a>
 */
final class BpeJsonReader {
    static final String BOS = "bos";

    private final String where;
    private final Map<String, @Nullable Object> object;

    /** Whether our own field is present, and the special token that it marks as BOS; null for none. */
    private boolean isMarked;

    private @Nullable String marked;

    private BpeJsonReader(String where, Map<String, @Nullable Object> object) {
        this.where = where;
        this.object = object;
    }

    /** Returns whether an object is meant to be a {@code tokenizer.json}. */
    static boolean isMeant(Map<String, @Nullable Object> object) {
        return object.containsKey("model");
    }

    /** Reads a vocabulary. If {@code bosId} is a special token, it is BOS, whatever the file says. */
    static BpeVocabulary read(String where, Map<String, @Nullable Object> object, @Nullable Integer bosId) {
        return new BpeJsonReader(where, object).vocabulary(bosId);
    }

    private BpeVocabulary vocabulary(@Nullable Integer bosId) {
        checkNone(object, "normalizer");
        checkSplit(object.get("pre_tokenizer"));
        Map<String, @Nullable Object> model = Json.object(where + ", field \"model\"", object.get("model"));
        Object type = model.get("type");
        if (type != null && !type.equals("BPE")) {
            throw wrong("model.type", type, "\"BPE\"");
        }
        for (String option : new String[] {
            "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"
        }) {
            checkNone(model, option);
        }
        Map<String, Integer> special = special();
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        Map<String, @Nullable Object> vocab = Json.object(where + ", field \"vocab\"", model.get("vocab"));
        Object endOfText = vocab.get(BpeVocabulary.END_OF_TEXT);
        if (bosId != null && BigInteger.valueOf(bosId).equals(endOfText)) {
            special.put(BpeVocabulary.END_OF_TEXT, bosId); // older files do not list it in added_tokens
        }
        for (Map.Entry<String, @Nullable Object> token : vocab.entrySet()) {
            addToken(builder, special, token.getKey(), id(token.getKey(), token.getValue()));
        }
        special.forEach((text, id) -> builder.special(id, text));
        addMerges(builder, model.get("merges"));
        String bos = bos(special, bosId);
        if (bos == null) {
            builder.noBos();
        } else {
            builder.bos(bos);
        }
        return builder.build();
    }

    /** Refuses an option that is not off. */
    private void checkNone(Map<String, @Nullable Object> fields, String name) {
        Object value = fields.get(name);
        boolean isOff = value == null
                || value.equals("")
                || value.equals(false)
                || value instanceof Number number && number.doubleValue() == 0;
        if (!isOff) {
            throw wrong(name, value, "none, as in GPT-2");
        }
    }

    /** Requires GPT-2's own pre-tokenizer, alone or as the only element of a sequence. */
    private void checkSplit(@Nullable Object splitter) {
        Map<String, @Nullable Object> split = Json.object(where + ", field \"pre_tokenizer\"", splitter);
        if ("Sequence".equals(split.get("type"))
                && split.get("pretokenizers") instanceof List<?> parts
                && parts.size() == 1) {
            split = Json.object(where + ", field \"pretokenizers\"", parts.get(0));
        }
        if (!"ByteLevel".equals(split.get("type"))) {
            throw wrong("pre_tokenizer", split.get("type"), "\"ByteLevel\" alone, as in GPT-2");
        }
        if (Boolean.TRUE.equals(split.get("add_prefix_space"))) {
            throw wrong("pre_tokenizer.add_prefix_space", true, "false, as in GPT-2");
        }
        if (Boolean.FALSE.equals(split.get("use_regex"))) {
            throw wrong("pre_tokenizer.use_regex", false, "true, as in GPT-2");
        }
    }

    private Map<String, Integer> special() {
        Map<String, Integer> special = new LinkedHashMap<>();
        Object added = object.get("added_tokens");
        if (added == null) {
            return special;
        }
        if (!(added instanceof List<?> tokens)) {
            throw wrong("added_tokens", added, "a list");
        }
        for (Object element : tokens) {
            Map<String, @Nullable Object> token = Json.object(where + ", a token in \"added_tokens\"", element);
            if (!(token.get("content") instanceof String text)) {
                throw wrong("content", token.get("content"), "the string of an added token");
            }
            if (special.put(text, id(text, token.get("id"))) != null) {
                throw wrong("added_tokens", text, "no token twice");
            }
            readMark(text, token.get(BOS));
        }
        return special;
    }

    private void readMark(String text, @Nullable Object mark) {
        if (mark == null) {
            return;
        }
        boolean isBos = mark.equals(true);
        if (!isBos && !mark.equals(false) || isBos && marked != null) {
            throw wrong(BOS, mark, "true for one token, false for the others");
        }
        isMarked = true;
        marked = isBos ? text : marked;
    }

    private void addToken(BpeVocabularyBuilder builder, Map<String, Integer> special, String letters, int id) {
        Integer added = special.get(letters);
        if (added == null) {
            builder.token(id, bytes(letters));
        } else if (added != id) {
            throw wrong("vocab", letters + " with id " + id, "id " + added + ", as in \"added_tokens\"");
        }
    }

    /** A merge is a list of two strings or, in older files, one string with a space between the two. */
    private void addMerges(BpeVocabularyBuilder builder, @Nullable Object merges) {
        if (!(merges instanceof List<?> pairs)) {
            throw wrong("merges", merges, "a list");
        }
        for (Object pair : pairs) {
            if (pair instanceof List<?> two
                    && two.size() == 2
                    && two.get(0) instanceof String left
                    && two.get(1) instanceof String right) {
                builder.merge(bytes(left), bytes(right));
                continue;
            }
            int space = pair instanceof String text ? text.indexOf(' ') : -1;
            if (space < 0 || ((String) pair).indexOf(' ', space + 1) >= 0) {
                throw wrong("merges", pair, "two tokens each");
            }
            builder.merge(bytes(((String) pair).substring(0, space)), bytes(((String) pair).substring(space + 1)));
        }
    }

    private @Nullable String bos(Map<String, Integer> special, @Nullable Integer bosId) {
        for (Map.Entry<String, Integer> token : special.entrySet()) {
            if (token.getValue().equals(bosId)) {
                return token.getKey();
            }
        }
        return isMarked ? marked : usualBos(special.keySet());
    }

    /** Returns the default BOS among some special tokens; null if it is ambiguous or there are none. */
    static @Nullable String usualBos(Set<String> special) {
        if (special.contains(BpeVocabulary.END_OF_TEXT)) {
            return BpeVocabulary.END_OF_TEXT;
        }
        return special.size() == 1 ? special.iterator().next() : null;
    }

    private byte[] bytes(String letters) {
        try {
            return ByteLetters.toBytes(letters);
        } catch (IllegalArgumentException foreign) {
            throw new IllegalArgumentException(where + ": " + foreign.getMessage(), foreign);
        }
    }

    private int id(String token, @Nullable Object value) {
        if (value instanceof BigInteger number && number.signum() >= 0 && number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        throw wrong(token, value, "an id, a whole number from 0 to 2^31 - 1");
    }

    private IllegalArgumentException wrong(String field, @Nullable Object found, String expected) {
        return new IllegalArgumentException(
                where + ", field " + Quoted.of(field) + ": found " + Quoted.value(found) + ", expected " + expected);
    }
}
