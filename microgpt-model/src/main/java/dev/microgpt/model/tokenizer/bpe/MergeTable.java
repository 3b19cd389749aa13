package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;
import java.util.Collection;

/** The merges of a vocabulary, indexed for lookup. */
public final class MergeTable {
    /** The rank of a pair that is not merged. */
    static final int UNRANKED = PairTable.ABSENT;

    /** The token of a byte that is not in the vocabulary. */
    public static final int NO_TOKEN = -1;

    /** The number of bytes by token id. */
    final int[] lengths;

    private final int[] tokenByByte = new int[256];
    private final PairTable ranks;
    private final int[] tokenByRank;
    private int size;

    /**
     * Creates a table without merges.
     *
     * @param tokens  the bytes of each token, by id
     * @param special the ids of special tokens
     * @param merges  the number of merges that will be added
     */
    public MergeTable(byte[][] tokens, Collection<Integer> special, int merges) {
        lengths = new int[tokens.length];
        Arrays.fill(tokenByByte, NO_TOKEN);
        for (int id = 0; id < tokens.length; id++) {
            byte[] bytes = tokens[id];
            lengths[id] = bytes.length;
            if (bytes.length == 1 && !special.contains(id)) {
                tokenByByte[Byte.toUnsignedInt(bytes[0])] = id;
            }
        }
        ranks = new PairTable(merges);
        tokenByRank = new int[merges];
    }

    /** Adds the merge of the next rank. */
    public void add(int left, int right, int token) {
        ranks.put(left, right, size);
        tokenByRank[size++] = token;
    }

    /** Returns the token of a single byte, or {@link #NO_TOKEN}. */
    public int tokenOf(byte b) {
        return tokenByByte[Byte.toUnsignedInt(b)];
    }

    /** Returns the rank of a pair of adjacent tokens, or {@link #UNRANKED}. */
    int rank(int left, int right) {
        return ranks.get(left, right);
    }

    /** Returns the token that the merge of a rank creates. */
    int token(int rank) {
        return tokenByRank[rank];
    }
}
