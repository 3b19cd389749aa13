package dev.microgpt.model.generate;

/**
 * Receives a text as it is generated: each piece, and before it the tokens that begin in it.
 *
 * <p>A token that is only part of a character, or that may begin a stop string, comes with the later piece. One of a
 * stop string, or beyond the limit of characters, does not come at all, nor does the BOS that ends a text.
 */
public interface TextListener {
    /**
     * Receives the next token.
     *
     * @param token      its id
     * @param prediction what the model expected in its place
     */
    void token(int token, Prediction prediction);

    /**
     * Receives the next piece of text.
     *
     * @param text not empty
     */
    void piece(String text);
}
