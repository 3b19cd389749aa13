package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizers as JSON objects: {@code {"type":"char","alphabet":"…"}}, {@code {"type":"byte"}}, or byte-level BPE in the
 * format of Hugging Face's {@code tokenizer.json}. A new type of tokenizer needs a case in {@link #write} and in {@link
 * #read}.
 */
public final class TokenizerJson {
    /** All fields that are read. */
    public static final Set<String> FIELDS =
            Set.of("type", "alphabet", "model", "added_tokens", "normalizer", "pre_tokenizer", "post_processor");

    private static final String TYPE = "type";
    private static final String CHAR = "char";
    private static final String BYTE = "byte";
    private static final String ALPHABET = "alphabet";

    private TokenizerJson() {}

    /**
     * Returns a tokenizer as JSON that {@link #read} accepts.
     *
     * @throws IllegalArgumentException if it is not one of this library, or if {@link #read} would refuse it
     */
    public static String write(Tokenizer tokenizer) {
        if (tokenizer instanceof BpeTokenizer bpe) {
            return BpeJsonWriter.write(bpe.vocabulary());
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (tokenizer instanceof CharTokenizer chars) {
            fields.put(TYPE, CHAR);
            fields.put(ALPHABET, chars.alphabet());
        } else if (tokenizer instanceof ByteTokenizer) {
            fields.put(TYPE, BYTE);
        } else {
            throw new IllegalArgumentException(
                    "tokenizer: found a " + tokenizer.getClass().getName()
                            + ", expected a tokenizer of this library; no other can be stored in a file");
        }
        return JsonFields.write(fields);
    }

    /**
     * Reads a tokenizer.
     *
     * @param where  names the source in messages
     * @param object the parsed JSON
     * @throws IllegalArgumentException if it is not a valid tokenizer
     */
    public static Tokenizer read(String where, Map<String, @Nullable Object> object) {
        return read(where, object, null);
    }

    /**
     * Reads a tokenizer whose BOS token may be determined by another file.
     *
     * @param where  names the source in messages
     * @param object the parsed JSON
     * @param bosId  the id of BOS, which is used if it is a special token of BPE; or null
     * @throws IllegalArgumentException if it is not a valid tokenizer
     */
    public static Tokenizer read(String where, Map<String, @Nullable Object> object, @Nullable Integer bosId) {
        if (BpeJsonReader.isMeant(object)) {
            return new BpeTokenizer(BpeJsonReader.read(where, object, bosId));
        }
        JsonFields fields = JsonFields.of(where, object);
        String type = fields.text(TYPE);
        Tokenizer tokenizer = switch (type) {
            case CHAR -> CharTokenizer.ofAlphabet(fields.text(ALPHABET));
            case BYTE -> new ByteTokenizer();
            default ->
                throw new IllegalArgumentException(where + ": found type " + Quoted.of(type)
                        + ", expected \"char\" or \"byte\", or a tokenizer.json of BPE");
        };
        fields.end();
        return tokenizer;
    }
}
