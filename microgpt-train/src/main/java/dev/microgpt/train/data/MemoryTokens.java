package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import java.util.Arrays;
import java.util.Objects;

/** Tokens in memory: 2 bytes each if the vocabulary has at most 65,536 tokens, otherwise 4. */
public final class MemoryTokens implements Tokens {
    /** The longest array that every JVM can make. */
    static final int MAX_COUNT = Integer.MAX_VALUE - 8;

    private static final int NARROW_VOCABULARY = Character.MAX_VALUE + 1;

    private final char[] narrow; // one of the two is empty
    private final int[] wide;

    private MemoryTokens(char[] narrow, int[] wide) {
        this.narrow = narrow;
        this.wide = wide;
    }

    /**
     * Copies ids into memory tokens.
     *
     * @param ids       the ids
     * @param vocabSize the number of tokens of the vocabulary
     * @return the tokens
     * @throws IllegalArgumentException if an id is negative or not below {@code vocabSize}
     */
    public static MemoryTokens of(int[] ids, int vocabSize) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabSize) {
                throw new IllegalArgumentException("tokens: the id " + ids[i] + " at position " + i
                        + " is not in the vocabulary; ids must be 0 … " + (vocabSize - 1));
            }
        }
        boolean isNarrow = vocabSize <= NARROW_VOCABULARY;
        char[] narrow = new char[isNarrow ? ids.length : 0];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (char) ids[i];
        }
        return new MemoryTokens(narrow, isNarrow ? new int[0] : ids.clone());
    }

    @Override
    public long count() {
        return Math.max(narrow.length, wide.length);
    }

    @Override
    public void read(long from, int[] to, int offset, int length) {
        Objects.checkFromIndexSize(from, length, count());
        Objects.checkFromIndexSize(offset, length, to.length);
        int start = (int) from;
        if (wide.length > 0) {
            System.arraycopy(wide, start, to, offset, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            to[offset + i] = narrow[start + i];
        }
    }

    /** Collects tokens piece by piece; if their number is known, no array has to grow. */
    static final class Builder {
        private final boolean isNarrow;
        private char[] narrow;
        private int[] wide;
        private int size;

        /**
         * Creates an empty builder.
         *
         * @param expected the expected number of tokens
         */
        Builder(int expected, int vocabSize) {
            isNarrow = vocabSize <= NARROW_VOCABULARY;
            narrow = new char[isNarrow ? expected : 0];
            wide = new int[isNarrow ? 0 : expected];
        }

        /** {@return the number of tokens so far} */
        int size() {
            return size;
        }

        /**
         * Appends ids, which must be in the vocabulary.
         *
         * @throws DataException if there are more than an array can hold
         */
        void append(int[] ids, int offset, int length) throws DataException {
            if (length > MAX_COUNT - size) {
                throw new DataException("data: the text has more than " + MAX_COUNT
                        + " tokens, but tokens in memory must fit one array; prepare a corpus of token files from it");
            }
            makeRoom(size + length);
            if (isNarrow) {
                for (int i = 0; i < length; i++) {
                    narrow[size + i] = (char) ids[offset + i];
                }
            } else {
                System.arraycopy(ids, offset, wide, size, length);
            }
            size += length;
        }

        private void makeRoom(int needed) {
            int capacity = isNarrow ? narrow.length : wide.length;
            if (needed <= capacity) {
                return;
            }
            int grown = (int) Math.min(MAX_COUNT, Math.max(needed, capacity + (capacity >> 1) + 16L));
            if (isNarrow) {
                narrow = Arrays.copyOf(narrow, grown);
            } else {
                wide = Arrays.copyOf(wide, grown);
            }
        }

        /** Must be the last call: an array of the right length is not copied. */
        MemoryTokens build() {
            return new MemoryTokens(
                    isNarrow && narrow.length != size ? Arrays.copyOf(narrow, size) : narrow,
                    !isNarrow && wide.length != size ? Arrays.copyOf(wide, size) : wide);
        }
    }
}
