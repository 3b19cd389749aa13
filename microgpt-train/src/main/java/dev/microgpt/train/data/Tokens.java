package dev.microgpt.train.data;

/**
 * A long row of tokens, in memory or in a file, of which any part can be read.
 *
 * <p>Implementations do not change, and are safe for use by several threads at a time.
 */
public interface Tokens {
    /** {@return how many tokens there are} */
    long count();

    /**
     * Reads some of them.
     *
     * @param from   the position of the first, from 0
     * @param to     gets the ids
     * @param offset where in {@code to} the first goes
     * @param length how many
     * @throws IndexOutOfBoundsException if the tokens or the array are not that long
     */
    void read(long from, int[] to, int offset, int length);

    /**
     * Returns a part of these tokens, which is not copied.
     *
     * @param from  the position of the first, from 0
     * @param count how many
     * @return the part
     * @throws IndexOutOfBoundsException if it is not within these tokens
     */
    default Tokens slice(long from, long count) {
        return new TokenSlice(this, from, count);
    }
}
