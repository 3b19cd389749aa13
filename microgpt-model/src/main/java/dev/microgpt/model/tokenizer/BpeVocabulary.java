package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a byte-level BPE tokenizer knows: its tokens, which of them are joined to which, and its special tokens.
 *
 * <p>Ids are 0 … {@link #size()} − 1 in any order. An ordinary token is one or more bytes, and no two have the same.
 * A merge joins two neighbouring tokens into the one that has the bytes of both; the lower its rank, the earlier. A
 * special token is never made from text: it is there for the program, as {@code <|endoftext|>} between documents. One
 * of them is BOS.
 *
 * <p>Immutable; {@link BpeVocabularyBuilder} makes it. Files of GPT-2 and of Hugging Face's tokenizers write the
 * bytes of a token as {@link ByteLetters}.
 */
public final class BpeVocabulary {
    /** The special token of GPT-2, and BOS unless {@link BpeVocabularyBuilder#bos} says otherwise. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    /** The {@link #bos()} of a vocabulary that has none. */
    public static final int NO_BOS = -1;

    /** How many special tokens an error message lists. */
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
     * Two neighbouring tokens and the token they become.
     *
     * @param left the id of the first
     * @param right the id of the second
     * @param token the id of the one with the bytes of both
     */
    public record Merge(int left, int right, int token) {}

    /** {@return the number of tokens, special ones included} */
    public int size() {
        return tokens.length;
    }

    /**
     * Returns the bytes of a token; those of a special one are its text in UTF-8.
     *
     * @param id a token
     * @return one or more bytes, a new array
     * @throws IllegalArgumentException if the id is none of this vocabulary
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

    /** {@return the merges, in the order of their ranks 0, 1, …; not modifiable} */
    public List<Merge> merges() {
        return merges;
    }

    /** {@return the special tokens, text → id, in the order of their ids; not modifiable} */
    public Map<String, Integer> specialTokens() {
        return specials;
    }

    /**
     * Returns the id of a special token.
     *
     * @param text its text, as {@link #END_OF_TEXT}
     * @return the id
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

    /** {@return the id of the special token that stands before a document and after it, or −1 if there is none} */
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
