package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer as a JSON object: {@code {"type":"char","alphabet":"…"}}, {@code {"type":"byte"}}, or byte-level BPE as
 * Hugging Face's tokenizers write it.
 *
 * <p>Another type of tokenizer is another case in {@link #write} and in {@link #read}.
 */
public final class TokenizerJson {
    private static final String TYPE = "type";
    private static final String CHAR = "char";
    private static final String BYTE = "byte";
    private static final String ALPHABET = "alphabet";

    private TokenizerJson() {}

    /**
     * Writes what {@link #read} reads.
     *
     * @throws IllegalArgumentException if the tokenizer is of another type
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
                            + ", expected one of this library, for a file has no way to tell of others");
        }
        return JsonFields.write(fields);
    }

    /**
     * Reads a tokenizer.
     *
     * @param where  what messages call it
     * @param object the JSON
     * @throws IllegalArgumentException if it is anything but a tokenizer
     */
    public static Tokenizer read(String where, Map<String, @Nullable Object> object) {
        return read(where, object, null);
    }

    /**
     * Reads a tokenizer of which something else says what token stands between texts.
     *
     * @param where  what messages call it
     * @param object the JSON
     * @param bosId  the id of BOS, which counts if that is a special token of BPE; or null
     * @throws IllegalArgumentException if it is anything but a tokenizer
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
