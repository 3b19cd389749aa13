package dev.microgpt.model.generate;

/** Receives tokens one by one as they are generated. */
@FunctionalInterface
public interface TokenListener {
    /**
     * Receives the next token.
     *
     * @param token its id
     * @return true to continue; after false, generation ends and no further random number is drawn
     */
    boolean accept(int token);
}
