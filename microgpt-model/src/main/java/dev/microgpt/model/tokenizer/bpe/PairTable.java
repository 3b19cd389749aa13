package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/** A hash table from pairs of token ids to non-negative numbers. */
public final class PairTable {
    public static final int ABSENT = -1;

    /** The key of a free slot: ids are not negative. */
    private static final long FREE = -1;

    /** A power of two, at most half full. */
    private long[] keys;

    private int[] values;
    private int shift;
    private int size;

    /** Creates an empty table with room for an expected number of pairs. */
    public PairTable(int expected) {
        allocate(Math.max(16, Integer.highestOneBit(Math.max(1, expected)) << 2));
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        Arrays.fill(keys, FREE);
        values = new int[capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    }

    /** Returns the number of a pair, or {@link #ABSENT}. */
    public int get(int left, int right) {
        long key = key(left, right);
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : ABSENT;
    }

    /** Sets the number of a pair that has none yet. */
    public void put(int left, int right, int value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        long key = key(left, right);
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = value;
        size++;
    }

    private static long key(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /** Returns the slot of a key, or the free slot for it. */
    private int slot(long key) {
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> shift); // 2^64 / the golden ratio: spreads adjacent keys
        while (keys[slot] != key && keys[slot] != FREE) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(2 * oldKeys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
