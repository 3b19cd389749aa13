package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/** A set of byte strings, numbered 0, 1, … in the order of insertion. */
public final class ByteStrings {
    public static final int ABSENT = -1;

    private static final int MAX_BYTES = 1 << 30;

    /**
     * Odd, and different in each process: with a known multiplier, such as 31, anybody could craft a file of words with
     * equal hashes, which would take hours to process. The numbers of the strings do not depend on it.
     */
    private static final int MULTIPLIER = (int) System.nanoTime() * 0x9E3779B9 << 3 | 5;

    /** All strings, concatenated. */
    private byte[] pool = new byte[1 << 10];

    /** The start of each string in the pool, and, after the last, the start of the next. */
    private int[] starts = new int[1 << 7];

    private int size;

    /** The numbers of the strings by hash, or {@link #ABSENT}; a power of two, at most half full. */
    private int[] slots = newSlots(1 << 8);

    private static int[] newSlots(int capacity) {
        int[] slots = new int[capacity];
        Arrays.fill(slots, ABSENT);
        return slots;
    }

    public int size() {
        return size;
    }

    public int length(int number) {
        return starts[number + 1] - starts[number];
    }

    public byte byteAt(int number, int index) {
        return pool[starts[number] + index];
    }

    /** Returns the number of the string {@code bytes[from … to)}, or {@link #ABSENT}. */
    public int find(byte[] bytes, int from, int to) {
        return slots[slot(bytes, from, to)];
    }

    /** Returns the number of the string {@code bytes[from … to)}, after adding it if it is new. */
    public int add(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        if (slots[slot] != ABSENT) {
            return slots[slot];
        }
        if (to - from > MAX_BYTES - starts[size]) {
            throw new IllegalStateException(
                    "tokenizer: the distinct words of the text exceed 1 GiB in total; train on less text");
        }
        int end = starts[size] + (to - from);
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, (int) Math.min(MAX_BYTES, 2L * end));
        }
        System.arraycopy(bytes, from, pool, starts[size], to - from);
        slots[slot] = size++;
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
        }
        starts[size] = end;
        int number = slots[slot];
        if (2 * size > slots.length) {
            rehash();
        }
        return number;
    }

    private void rehash() {
        slots = newSlots(2 * slots.length);
        for (int number = 0; number < size; number++) {
            slots[slot(pool, starts[number], starts[number + 1])] = number;
        }
    }

    /** Returns the slot of a string, or the free slot for it. */
    private int slot(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = MULTIPLIER * hash + bytes[i];
        }
        hash *= 0x9E3779B9; // 2^32 / the golden ratio: mixes into the upper bits
        int slot = hash >>> Integer.SIZE - Integer.numberOfTrailingZeros(slots.length);
        while (slots[slot] != ABSENT
                && !Arrays.equals(pool, starts[slots[slot]], starts[slots[slot] + 1], bytes, from, to)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}
