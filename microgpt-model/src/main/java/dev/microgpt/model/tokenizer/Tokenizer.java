package dev.microgpt.model.tokenizer;

/**
 * Converts text to token ids and back: {@code decode(encode(text))} is {@code text}.
 *
 * <p>Ids are 0 … {@link #vocabSize()} − 1. One of them, {@link #bos()}, represents no text but marks the beginning and
 * the end of a document; a vocabulary without it can express one long text, but no documents. A token may be only a
 * part of a character, so the text of several ids is that of their concatenated {@link #bytes}.
 *
 * <p>Implementations are immutable and thread-safe. Two tokenizers are equal if they have the same tokens with the same
 * ids and split text in the same way.
 */
public interface Tokenizer {
    /** {@return the number of tokens, including {@link #bos()}} */
    int vocabSize();

    /** {@return the id of the token before and after each document, or −1 if there is none} */
    int bos();

    /**
     * Encodes text, without adding {@link #bos()}: the caller frames a document as {@code [bos, ids…, bos]}.
     *
     * @param text may be empty
     * @return the ids, none for empty text
     * @throws IllegalArgumentException if the vocabulary cannot express the text
     */
    int[] encode(String text);

    /**
     * Decodes ids.
     *
     * @param ids ids of text, without {@link #bos()}; not modified
     * @return the text, with U+FFFD where the bytes of the ids are not UTF-8, such as an incomplete character
     * @throws IllegalArgumentException if an id is {@link #bos()} or not in the vocabulary
     */
    String decode(int... ids);

    /**
     * Returns the bytes of a token.
     *
     * @param id a token
     * @return a new array of UTF-8 bytes, which may be only a part of a character; empty for {@link #bos()}
     * @throws IllegalArgumentException if the id is not in the vocabulary
     */
    byte[] bytes(int id);

    /**
     * Returns where text can be cut, knowing only its beginning, such that encoding both parts gives the ids of the
     * whole.
     *
     * @param beginning the text so far, which does not end inside a character
     * @return the largest index at which a cut is safe whatever text follows, from 0 to {@code beginning.length()}
     */
    default int lastCut(String beginning) {
        return beginning.length();
    }
}
