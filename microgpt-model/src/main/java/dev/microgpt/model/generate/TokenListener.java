package dev.microgpt.model.generate;

/** Gets tokens one by one, as they are generated. */
@FunctionalInterface
public interface TokenListener {
    /**
     * Takes the next token.
     *
     * @param token its id
     * @return whether more are wanted; after false no further number is drawn
     */
    boolean accept(int token);
}
