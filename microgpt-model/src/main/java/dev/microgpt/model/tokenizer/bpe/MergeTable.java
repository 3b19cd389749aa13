package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.PairTable;
import java.util.Arrays;
import java.util.List;

/** The merges of a vocabulary, made ready for being looked up. */
final class MergeTable {
    /** The rank of a pair that is not merged. */
    static final int UNRANKED = PairTable.ABSENT;

    /** The token of a byte that has none. */
    static final int NO_TOKEN = -1;

    /** The number of bytes by token id. */
    final int[] lengths;

    private final int[] tokenByByte = new int[256];
    private final PairTable ranks;
    private final int[] tokenByRank;

    MergeTable(BpeVocabulary vocabulary) {
        lengths = new int[vocabulary.size()];
        Arrays.fill(tokenByByte, NO_TOKEN);
        for (int id = 0; id < lengths.length; id++) {
            byte[] bytes = vocabulary.token(id);
            lengths[id] = bytes.length;
            if (bytes.length == 1 && !vocabulary.specialTokens().containsValue(id)) {
                tokenByByte[Byte.toUnsignedInt(bytes[0])] = id;
            }
        }
        List<BpeVocabulary.Merge> merges = vocabulary.merges();
        ranks = new PairTable(merges.size());
        tokenByRank = new int[merges.size()];
        for (int rank = 0; rank < tokenByRank.length; rank++) {
            BpeVocabulary.Merge merge = merges.get(rank);
            ranks.put(merge.left(), merge.right(), rank);
            tokenByRank[rank] = merge.token();
        }
    }

    /** Returns the token of a single byte, or {@link #NO_TOKEN}. */
    int tokenOf(byte b) {
        return tokenByByte[Byte.toUnsignedInt(b)];
    }

    /** Returns when two neighbours are joined, or {@link #UNRANKED}. */
    int rank(int left, int right) {
        return ranks.get(left, right);
    }

    /** Returns what the two neighbours of a rank become. */
    int token(int rank) {
        return tokenByRank[rank];
    }
}
