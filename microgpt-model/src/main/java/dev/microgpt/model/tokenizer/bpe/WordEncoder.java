package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/**
 * Encodes words: repeatedly joins the adjacent pair of the lowest rank, the leftmost on a tie, until no pair has a
 * rank.
 *
 * <p>Collects the tokens of all words. Not thread-safe.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words
 *     with Subword Units, 2015</a>
 */
public final class WordEncoder {
    /** Up to this length, searching all pairs for each merge beats a heap: twice as fast at 8 bytes, slower at 128. */
    public static final int SHORT = 64;

    private final MergeTable merges;
    private int[] ids;
    private int size;

    /** The tokens of a short word, and the rank of each with the one after it. */
    private final int[] tokens = new int[SHORT];

    private final int[] ranks = new int[SHORT];

    public WordEncoder(MergeTable merges, int expected) {
        this.merges = merges;
        ids = new int[Math.max(16, expected)];
    }

    /** Returns the tokens so far. */
    public int[] ids() {
        return Arrays.copyOf(ids, size);
    }

    /** Returns whether a word becomes a single token; discards the tokens so far. */
    public boolean isOneToken(byte[] word) {
        size = 0;
        encode(word, 0, word.length);
        return size == 1;
    }

    public void append(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, (int) Math.min(Integer.MAX_VALUE - 8, size * 3L / 2));
        }
        ids[size++] = id;
    }

    /** Appends the tokens of the word {@code utf8[from … to)}, whose bytes all have tokens. */
    public void encode(byte[] utf8, int from, int to) {
        if (to - from <= SHORT) {
            encodeShort(utf8, from, to);
        } else {
            encodeLong(utf8, from, to);
        }
    }

    private void encodeShort(byte[] utf8, int from, int to) {
        int count = to - from;
        for (int i = 0; i < count; i++) {
            tokens[i] = merges.tokenOf(utf8[from + i]);
        }
        for (int i = 0; i + 1 < count; i++) {
            ranks[i] = merges.rank(tokens[i], tokens[i + 1]);
        }
        for (int at = lowest(count - 1); at >= 0; at = lowest(count - 1)) {
            tokens[at] = merges.token(ranks[at]);
            count--;
            for (int i = at + 1; i < count; i++) {
                tokens[i] = tokens[i + 1];
                ranks[i] = ranks[i + 1]; // the rank of the last token belongs to no pair and is not read
            }
            if (at > 0) {
                ranks[at - 1] = merges.rank(tokens[at - 1], tokens[at]);
            }
            if (at + 1 < count) {
                ranks[at] = merges.rank(tokens[at], tokens[at + 1]);
            }
        }
        for (int i = 0; i < count; i++) {
            append(tokens[i]);
        }
    }

    /** Returns the position of the leftmost pair of the lowest rank, or -1. */
    private int lowest(int pairs) {
        int lowest = -1;
        int lowestRank = Integer.MAX_VALUE;
        for (int i = 0; i < pairs; i++) {
            if (ranks[i] != MergeTable.UNRANKED && ranks[i] < lowestRank) {
                lowestRank = ranks[i];
                lowest = i;
            }
        }
        return lowest;
    }

    // O(n log n): a whole text may be one word, for example of spaces
    private void encodeLong(byte[] utf8, int from, int to) {
        TokenRow row = new TokenRow(merges.lengths, to - from + 2);
        for (int i = from; i < to; i++) {
            row.set(1 + i - from, merges.tokenOf(utf8[i]));
        }
        LongHeap candidates = new LongHeap(to - from);
        for (int position = 1; position < row.size() - 2; position++) {
            push(row, position, candidates);
        }
        while (!candidates.isEmpty()) {
            long first = candidates.pop();
            int rank = (int) (first >>> Integer.SIZE);
            int position = (int) first;
            if (rankAt(row, position) != rank) {
                continue; // joined with another token since
            }
            row.join(position, merges.token(rank));
            push(row, position, candidates);
            int previous = row.previous(position);
            if (previous != TokenRow.NONE) {
                push(row, previous, candidates);
            }
        }
        for (int position = 1; position != TokenRow.NONE; position = row.next(position)) {
            append(row.token(position));
        }
    }

    private void push(TokenRow row, int position, LongHeap candidates) {
        int rank = rankAt(row, position);
        if (rank != MergeTable.UNRANKED) {
            candidates.push((long) rank << Integer.SIZE | position);
        }
    }

    /** Returns the rank of the token that starts at a position and the next one, or {@link MergeTable#UNRANKED}. */
    private int rankAt(TokenRow row, int position) {
        int left = row.token(position);
        if (left < 0) {
            return MergeTable.UNRANKED;
        }
        int next = row.next(position);
        return next == TokenRow.NONE ? MergeTable.UNRANKED : merges.rank(left, row.token(next));
    }
}
