package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;

/**
 * A cursor over blocks of attention: each block is a range of queries of one head of one sequence.
 *
 * <p>It visits the heads of a sequence one after another, and in each head the queries from first to last. The scores
 * of a block begin with the first key that its first query sees, and every query sees one key more than the one before.
 * In a {@linkplain #isBand band}, it no longer sees the first one either.
 */
final class AttentionBlock {
    /** Scores of a block: a megabyte. Each block copies keys and values into panels, so it should not be small. */
    private static final int SCORES = 1 << 17;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 256;

    /** Number of queries in this block. */
    int rows;

    /** Number of keys before its own that the first query sees. */
    int past;

    /** Whether row {@code r} sees the columns from {@code r}, because the window is full, and not those from 0. */
    boolean isBand;

    /** Distance between two rows of scores. */
    int stride;

    /** Index of the first query of the block in {@code q}, {@code y} and their gradients. */
    int query;

    /** Index of the first key that the first query sees in {@code k}, {@code v} and their gradients. */
    int key;

    /** Number of rows of all blocks before this one, from the first head of the first sequence. */
    int rowsBefore;

    int sequence;
    int head;

    /** Position of the first query of the block in its sequence. */
    int position;

    private final CausalAttention attention;
    private final int mostRows;
    private final int end;
    private int index; // of the head, counted through all sequences
    private int left; // queries of this head after the block
    private int firstKey; // index of the first key of this head in the sequence

    /**
     * Creates a cursor before the first block of the heads {@code from} to {@code end}; head {@code i} is head
     * {@code i % heads} of sequence {@code i / heads}.
     */
    AttentionBlock(CausalAttention attention, int from, int end) {
        this.attention = attention;
        this.mostRows = attention.mostRows();
        this.index = from - 1;
        this.end = end;
    }

    /**
     * Returns the distance between rows of {@code length} scores: an odd number of cache lines, because with a power of
     * two the rows of a tile would compete for the same cache sets.
     */
    static int stride(int length) {
        int lines = (length + Kernels.LANES - 1) / Kernels.LANES;
        return (lines | 1) * Kernels.LANES;
    }

    /** Returns the largest number of queries in a block whose rows have {@code columns} scores. */
    static int mostRows(int columns) {
        int rows = SCORES / columns / Kernels.LANES * Kernels.LANES;
        return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, rows));
    }

    /**
     * Returns the largest number of queries in a block with a window: at most the window, and of a long one a quarter,
     * because a row of scores has room for the keys of all rows.
     */
    static int mostRowsOfWindow(int window) {
        return Math.min(window, Math.max(LEAST_ROWS, Math.min(mostRows(window), window / 4 & -Kernels.LANES)));
    }

    /** Moves to the next block and returns whether there is one. */
    boolean next() {
        position += rows;
        query += rows * attention.channels();
        rowsBefore += rows;
        if (left == 0) {
            if (++index == end) {
                return false;
            }
            sequence = index / attention.heads;
            head = index % attention.heads;
            begin();
        }
        int window = attention.window;
        isBand = position >= window;
        past = isBand ? window - 1 : position;
        rows = Math.min(Math.min(left, mostRows), isBand ? window : window - position);
        left -= rows;
        stride = stride(past + rows);
        key = firstKey + (position - past) * attention.keyChannels();
        return true;
    }

    private void begin() {
        Sequences queries = attention.queries;
        Sequences keys = attention.keys;
        left = queries.length(sequence);
        position = keys.length(sequence) - left;
        query = queries.start(sequence) * attention.channels() + head * attention.width;
        int keyHead = head / attention.group;
        firstKey = keys.start(sequence) * attention.keyChannels() + keyHead * attention.width;
        rowsBefore = queries.start(sequence) * attention.heads + head * left;
    }
}
