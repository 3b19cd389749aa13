package dev.microgpt.train.data;

/**
 * A long sequence of tokens, in memory or in a file, of which any range can be read.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface Tokens {
    /** {@return the number of tokens} */
    long count();

    /**
     * Reads a range of tokens.
     *
     * @param from   the position of the first token, from 0
     * @param to     receives the ids
     * @param offset the index in {@code to} of the first id
     * @param length the number of tokens to read
     * @throws IndexOutOfBoundsException if the range exceeds the tokens or the array
     */
    void read(long from, int[] to, int offset, int length);

    /**
     * Returns a view of a range of these tokens.
     *
     * @param from  the position of the first token, from 0
     * @param count the number of tokens
     * @return the range, not copied
     * @throws IndexOutOfBoundsException if the range exceeds these tokens
     */
    default Tokens slice(long from, long count) {
        return new TokenSlice(this, from, count);
    }
}
