package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The vocabulary of a byte-level BPE tokenizer: its tokens, merges and special tokens.
 *
 * <p>Ids are 0 … {@link #size()} − 1. An ordinary token is a sequence of 1 to {@value #MAX_TOKEN_BYTES} bytes that no
 * other token has. A merge joins two adjacent tokens into the one with the bytes of both; merges of lower rank are
 * applied first. Special tokens, such as {@code <|endoftext|>} between documents, are inserted by programs and never
 * result from encoding text. One of them is BOS.
 *
 * <p>Immutable; created by a {@link BpeVocabularyBuilder}. Files of GPT-2 and of Hugging Face's tokenizers represent
 * the bytes of a token by {@link ByteLetters}.
 */
public final class BpeVocabulary {
    /** The special token of GPT-2, and the default BOS, see {@link BpeVocabularyBuilder#bos}. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    /** The largest number of bytes of a token, which is also the longest that files can hold: 65,536. */
    public static final int MAX_TOKEN_BYTES = 1 << 16;

    /** The {@link #bos()} of a vocabulary without BOS. */
    public static final int NO_BOS = -1;

    /** The number of special tokens an error message lists. */
    private static final int LISTED = 8;

    private final byte[][] tokens;
    private final List<Merge> merges;
    private final Map<String, Integer> specials;
    private final int bos;

    BpeVocabulary(byte[][] tokens, List<Merge> merges, Map<String, Integer> specials, int bos) {
        this.tokens = tokens;
        this.merges = merges;
        this.specials = specials;
        this.bos = bos;
    }

    /**
     * A merge of two adjacent tokens.
     *
     * @param left  the id of the first token
     * @param right the id of the second token
     * @param token the id of the token with the bytes of both
     */
    public record Merge(int left, int right, int token) {}

    /** {@return the number of tokens, including special tokens} */
    public int size() {
        return tokens.length;
    }

    /**
     * Returns the bytes of a token; those of a special token are its text in UTF-8.
     *
     * @param id a token
     * @return a new array of one or more bytes
     * @throws IllegalArgumentException if the id is not in the vocabulary
     */
    public byte[] bytes(int id) {
        if (id < 0 || id >= tokens.length) {
            throw new IllegalArgumentException(
                    "tokenizer: id " + id + " is not in the vocabulary; the ids are 0 … " + (tokens.length - 1));
        }
        return tokens[id].clone();
    }

    /** Returns the bytes of each token, by id; not a copy. */
    byte[][] tokens() {
        return tokens;
    }

    /** {@return the merges in the order of their ranks 0, 1, …; unmodifiable} */
    public List<Merge> merges() {
        return merges;
    }

    /** {@return the ids of the special tokens by text, in the order of their ids; unmodifiable} */
    public Map<String, Integer> specialTokens() {
        return specials;
    }

    /**
     * Returns the id of a special token.
     *
     * @param text its text, such as {@link #END_OF_TEXT}
     * @return its id
     * @throws IllegalArgumentException if there is no such special token
     */
    public int specialToken(String text) {
        Integer id = specials.get(text);
        if (id == null) {
            throw noSpecial(text, specials);
        }
        return id;
    }

    static IllegalArgumentException noSpecial(String text, Map<String, Integer> specials) {
        StringBuilder message = new StringBuilder("tokenizer: " + CodePoints.quoted(text) + " is not a special token");
        int listed = 0;
        for (String special : specials.keySet()) {
            if (listed == LISTED) {
                message.append(", …");
                break;
            }
            message.append(listed++ == 0 ? "; the special tokens are " : ", ").append(CodePoints.quoted(special));
        }
        return new IllegalArgumentException(message.toString());
    }

    /** {@return the id of the special token before and after each document, or −1 if there is none} */
    public int bos() {
        return bos;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BpeVocabulary that
                && bos == that.bos
                && specials.equals(that.specials)
                && merges.equals(that.merges)
                && Arrays.deepEquals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(tokens) + merges.hashCode();
    }

    @Override
    public String toString() {
        return "BpeVocabulary[" + tokens.length + " tokens, " + merges.size() + " merges]";
    }
}
