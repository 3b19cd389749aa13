package dev.microgpt.train.huggingface;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A character tokenizer as a {@code tokenizer.json} of Hugging Face's tokenizers: a WordLevel model whose pre-tokenizer
 * splits after every character, and {@code <|endoftext|>} as the last word.
 *
 * @see <a href="https://huggingface.co/docs/tokenizers/api/models#tokenizers.models.WordLevel">WordLevel</a>
 */
final class CharTokenizerJson {
    private static final String WORD_LEVEL = "WordLevel";

    private CharTokenizerJson() {}

    static Map<String, @Nullable Object> write(CharTokenizer tokenizer) {
        Map<String, @Nullable Object> vocab = new LinkedHashMap<>();
        int[] characters = tokenizer.alphabet().codePoints().toArray();
        for (int id = 0; id < characters.length; id++) {
            vocab.put(Character.toString(characters[id]), id);
        }
        vocab.put(BpeVocabulary.END_OF_TEXT, tokenizer.bos());

        Map<String, @Nullable Object> bos = new LinkedHashMap<>();
        bos.put("id", tokenizer.bos());
        bos.put("content", BpeVocabulary.END_OF_TEXT);
        bos.put("single_word", false);
        bos.put("lstrip", false);
        bos.put("rstrip", false);
        bos.put("normalized", false);
        bos.put("special", true);

        Map<String, @Nullable Object> splitter = new LinkedHashMap<>();
        splitter.put("type", "Split");
        splitter.put("pattern", Map.of("Regex", "[\\s\\S]"));
        splitter.put("behavior", "Isolated");
        splitter.put("invert", false);

        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        model.put("type", WORD_LEVEL);
        model.put("vocab", vocab);
        model.put("unk_token", "<unk>"); // not in the vocabulary: an unknown character is an error

        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", "1.0");
        object.put("truncation", null);
        object.put("padding", null);
        object.put("added_tokens", List.of(bos));
        object.put("normalizer", null);
        object.put("pre_tokenizer", splitter);
        object.put("post_processor", null);
        object.put("decoder", Map.of("type", "Fuse"));
        object.put("model", model);
        return object;
    }

    static boolean isOne(Map<String, @Nullable Object> object) {
        return object.get("model") instanceof Map<?, ?> model && WORD_LEVEL.equals(model.get("type"));
    }

    /**
     * Reads a tokenizer written by {@link #write}.
     *
     * @throws IllegalArgumentException if it is any other WordLevel tokenizer
     */
    static CharTokenizer read(Map<String, @Nullable Object> object) {
        StringBuilder alphabet = new StringBuilder();
        if (object.get("model") instanceof Map<?, ?> model && model.get("vocab") instanceof Map<?, ?> vocab) {
            int next = 0;
            for (Map.Entry<?, ?> entry : vocab.entrySet()) {
                String word = (String) entry.getKey();
                boolean inOrder = BigInteger.valueOf(next).equals(entry.getValue());
                boolean last = ++next == vocab.size();
                boolean fits =
                        last ? word.equals(BpeVocabulary.END_OF_TEXT) : word.codePointCount(0, word.length()) == 1;
                if (!inOrder || !fits) {
                    throw notOurs();
                }
                alphabet.append(last ? "" : word);
            }
        }
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(alphabet.toString());
        if (!sameSplit(object)) {
            throw notOurs();
        }
        return tokenizer;
    }

    private static boolean sameSplit(Map<String, @Nullable Object> object) {
        return object.get("normalizer") == null
                && object.get("pre_tokenizer") instanceof Map<?, ?> splitter
                && Map.of("Regex", "[\\s\\S]").equals(splitter.get("pattern"))
                && "Isolated".equals(splitter.get("behavior"));
    }

    private static IllegalArgumentException notOurs() {
        return new IllegalArgumentException(
                "found a WordLevel tokenizer, expected byte-level BPE, or the character tokenizer of a"
                        + " model exported by this library");
    }
}
