package dev.microgpt.model;

/**
 * Turns text into token ids and back.
 *
 * <p>Ids are 0 … {@link #vocabSize()} − 1. One of them, {@link #bos()}, stands for no text: it marks where a document
 * begins and where it ends. {@code decode(encode(text))} is {@code text}.
 *
 * <p>Implementations are immutable, and safe for use by several threads at a time.
 */
public interface Tokenizer {
    /** {@return the number of different tokens, the one of {@link #bos()} included} */
    int vocabSize();

    /** {@return the id of the token that stands before a document and after it} */
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
     * @return the text
     * @throws IllegalArgumentException if an id is {@link #bos()} or none of this vocabulary
     */
    String decode(int... ids);
}
