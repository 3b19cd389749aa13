package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;

/**
 * A cursor over blocks of attention: each block is a range of queries of one head of one sequence.
 *
 * <p>It visits the heads of a sequence one after another, and in each head the queries from first to last.
 */
final class AttentionBlock {
    /** Scores of a block: a megabyte. Each block copies keys and values into panels, so it should not be small. */
    private static final int SCORES = 1 << 17;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 256;

    /** Number of queries in this block. */
    int rows;

    /** Number of keys before the position of the first query: row {@code r} attends to {@code past + r + 1} keys. */
    int past;

    /** Distance between two rows of scores. */
    int stride;

    /** Index of the first query of the block in {@code q}, {@code y} and their gradients. */
    int query;

    /** Index of the first key of the sequence in {@code k}, {@code v} and their gradients. */
    int key;

    /** Number of rows of all blocks before this one, from the first head of the first sequence. */
    int rowsBefore;

    int sequence;
    int head;

    private final CausalAttention attention;
    private final int mostRows;
    private final int end;
    private int item;
    private int left; // queries of this head after the block

    /**
     * Creates a cursor before the first block of the items {@code from} to {@code end}; item {@code i} is head
     * {@code i % heads} of sequence {@code i / heads}.
     */
    AttentionBlock(CausalAttention attention, int from, int end) {
        this.attention = attention;
        this.mostRows = mostRows(attention.keys.longest());
        this.item = from - 1;
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

    /** Returns the largest number of queries in a block if the longest sequence has {@code keys} keys. */
    static int mostRows(int keys) {
        int rows = SCORES / keys / Kernels.LANES * Kernels.LANES;
        return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, rows));
    }

    /** Moves to the next block and returns whether there is one. */
    boolean next() {
        past += rows;
        query += rows * attention.channels();
        rowsBefore += rows;
        if (left == 0) {
            if (++item == end) {
                return false;
            }
            sequence = item / attention.heads;
            head = item % attention.heads;
            begin();
        }
        rows = Math.min(mostRows, left);
        left -= rows;
        stride = stride(past + rows);
        return true;
    }

    private void begin() {
        Sequences queries = attention.queries;
        Sequences keys = attention.keys;
        int channels = attention.channels();
        int first = head * (channels / attention.heads);
        left = queries.length(sequence);
        past = keys.length(sequence) - left;
        query = queries.start(sequence) * channels + first;
        key = keys.start(sequence) * channels + first;
        rowsBefore = queries.start(sequence) * attention.heads + head * left;
    }
}
