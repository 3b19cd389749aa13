package dev.microgpt.train.data;

import java.util.Objects;

/** Tokens in memory: 2 bytes each where the vocabulary has at most 65,536 of them, otherwise 4. */
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
     * Keeps a copy of some ids.
     *
     * @param ids       the ids
     * @param vocabSize the number of different tokens
     * @return the tokens
     * @throws IllegalArgumentException if an id is not below the size of the vocabulary, or negative
     */
    public static MemoryTokens of(int[] ids, int vocabSize) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabSize) {
                throw new IllegalArgumentException("tokens: the id " + ids[i] + " at position " + i
                        + " is not in the vocabulary; ids must be 0 … " + (vocabSize - 1));
            }
        }
        Builder builder = new Builder(ids.length, vocabSize);
        builder.append(ids, 0, ids.length);
        return builder.build();
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

    /** Takes the tokens piece by piece; their number must be known, so that no array has to grow. */
    static final class Builder {
        private final char[] narrow;
        private final int[] wide;
        private int size;

        Builder(int count, int vocabSize) {
            boolean isNarrow = vocabSize <= NARROW_VOCABULARY;
            narrow = new char[isNarrow ? count : 0];
            wide = new int[isNarrow ? 0 : count];
        }

        /** Takes ids that are known to be in the vocabulary. */
        void append(int[] ids, int offset, int length) {
            if (wide.length > 0) {
                System.arraycopy(ids, offset, wide, size, length);
            } else {
                for (int i = 0; i < length; i++) {
                    narrow[size + i] = (char) ids[offset + i];
                }
            }
            size += length;
        }

        /** Must be the last call: the arrays are not copied. */
        MemoryTokens build() {
            return new MemoryTokens(narrow, wide);
        }
    }
}
