package dev.microgpt.model.tokenizer;

/**
 * Turns text into token ids and back.
 *
 * <p>Ids are 0 … {@link #vocabSize()} − 1. One of them, {@link #bos()}, stands for no text: it marks where a document
 * begins and where it ends. A vocabulary without one can express one long text, but no documents. {@code decode(encode(text))} is {@code text}. A token may stand for a part of a character
 * only, so that the text of some ids is that of their {@link #bytes} one after another.
 *
 * <p>Implementations are immutable, and safe for use by several threads at a time. Two of them are equal if they have the
 * same tokens with the same ids, and take texts apart in the same way.
 */
public interface Tokenizer {
    /** {@return the number of different tokens, the one of {@link #bos()} included} */
    int vocabSize();

    /** {@return the id of the token that stands before a document and after it, or −1 if there is none} */
    int bos();

    /**
     * Returns the ids of a text, and nothing but the text: whoever frames a document, {@code [bos, ids…, bos]}, adds
     * {@link #bos()}.
     *
     * @param text may be empty, which has no ids
     * @return the ids
     * @throws IllegalArgumentException if the vocabulary cannot express the text
     */
    int[] encode(String text);

    /**
     * Returns the text of some ids.
     *
     * @param ids ids of text, so without {@link #bos()}; not modified
     * @return the text; where the bytes of the ids are not UTF-8, as after half a character, it has U+FFFD
     * @throws IllegalArgumentException if an id is {@link #bos()} or none of this vocabulary
     */
    String decode(int... ids);

    /**
     * Returns what one token stands for.
     *
     * @param id a token
     * @return bytes of UTF-8, which alone may be only a part of a character; none for {@link #bos()}; a new array
     * @throws IllegalArgumentException if the id is none of this vocabulary
     */
    byte[] bytes(int id);

    /**
     * Returns where a long text, of which only the beginning is there yet, can be cut so that its two parts have, one
     * after the other, the ids of the whole.
     *
     * @param beginning the text so far, which does not end inside a character
     * @return the largest index that is known to be such a place whatever follows, from 0 to {@code beginning.length()}
     */
    default int lastCut(String beginning) {
        return beginning.length();
    }
}
