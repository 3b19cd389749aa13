package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;

/** A few queries of one head of one sequence, walking over those of one head after another, one sequence after another. */
final class AttentionBlock {
    /** A block of so many takes a megabyte. Each copies keys and values into panels, so it should not be small. */
    private static final int SCORES = 1 << 17;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 256;

    int rows;

    /** How many keys come before that of the first query: row {@code r} of the block sees {@code past + r + 1}. */
    int past;

    /** The distance between two rows of scores. */
    int stride;

    /** The index of the first query of the block in {@code q}, {@code y} and their gradients. */
    int query;

    /** The index of the first key of the sequence in {@code k}, {@code v} and their gradients. */
    int key;

    /** How many rows the blocks before this one have. */
    int rowsBefore;

    int sequence;
    int head;

    private final CausalAttention attention;
    private final int mostRows;
    private final int end;
    private int item;
    private int left; // queries of the item after this block

    /**
     * Stands before the first block of the items {@code from} to {@code end}: item {@code i} is head {@code i % heads} of
     * sequence {@code i / heads}.
     */
    AttentionBlock(CausalAttention attention, int from, int end) {
        this.attention = attention;
        this.mostRows = mostRows(attention.keys().longest());
        this.item = from - 1;
        this.end = end;
    }

    /**
     * Returns the distance between rows of {@code length} scores: whole cache lines, and an odd number of them, or the rows
     * of a tile would compete for the same places in the cache.
     */
    static int stride(int length) {
        int lines = (length + Kernels.LANES - 1) / Kernels.LANES;
        return (lines | 1) * Kernels.LANES;
    }

    /** Returns how many queries a block has at most, where sequences have up to so many keys. */
    static int mostRows(int keys) {
        int rows = SCORES / keys / Kernels.LANES * Kernels.LANES;
        return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, rows));
    }

    /** Goes to the next block, if there is one. */
    boolean next() {
        past += rows;
        query += rows * attention.channels();
        rowsBefore += rows;
        if (left == 0) {
            if (++item == end) {
                return false;
            }
            sequence = item / attention.heads();
            head = item % attention.heads();
            begin();
        }
        rows = Math.min(mostRows, left);
        left -= rows;
        stride = stride(past + rows);
        return true;
    }

    private void begin() {
        Sequences queries = attention.queries();
        Sequences keys = attention.keys();
        int channels = attention.channels();
        int first = head * (channels / attention.heads());
        left = queries.length(sequence);
        past = keys.length(sequence) - left;
        query = queries.start(sequence) * channels + first;
        key = keys.start(sequence) * channels + first;
        rowsBefore = queries.start(sequence) * attention.heads() + head * left;
    }
}
