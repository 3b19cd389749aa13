package dev.microgpt.train.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Mutates arbitrary bytes. */
final class ByteMutator {
    private static final byte[][] PIECES = {
        {0},
        {(byte) 0xFF},
        {'"'},
        {'{'},
        {'}'},
        {'\n'},
        {'\r', '\n'},
        {' '},
        {'\t'},
        {'#'},
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
        {(byte) 0xE2, (byte) 0x82},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF0, (byte) 0x9F, (byte) 0x98, (byte) 0x80},
        {(byte) 0xC2, (byte) 0x85},
        {(byte) 0xC2, (byte) 0xA0},
        {(byte) 0xE2, (byte) 0x80, (byte) 0xA8},
    };

    private static final long[] NUMBERS = {
        0,
        1,
        7,
        8,
        255,
        65_535,
        1 << 20,
        100_000_000,
        100_000_001,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        Double.doubleToLongBits(Double.NaN),
        Double.doubleToLongBits(Double.NEGATIVE_INFINITY),
        Double.doubleToLongBits(1e300),
        Double.doubleToLongBits(-1),
    };

    private final Random random;

    ByteMutator(Random random) {
        this.random = random;
    }

    /** Returns the bytes with one to four mutations. */
    byte[] mutate(byte[] bytes) {
        byte[] result = bytes;
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            result = edit(result);
        }
        return result;
    }

    private byte[] edit(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, random.nextInt(1 + random.nextInt(40)));
        switch (random.nextInt(7)) {
            case 0 -> {
                return replaced(bytes, at, length, PIECES[random.nextInt(PIECES.length)]);
            }
            case 1 -> {
                return replaced(bytes, at, length, new byte[0]);
            }
            case 2 -> {
                return replaced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            }
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return number(bytes, at);
            }
            default -> {
                byte[] flipped = bytes.clone();
                if (at < flipped.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                return flipped;
            }
        }
    }

    private byte[] number(byte[] bytes, int at) {
        byte[] result = bytes.clone();
        int place = random.nextInt(4) == 0 ? 0 : at & -Long.BYTES;
        if (place + Long.BYTES <= result.length) {
            long number = NUMBERS[random.nextInt(NUMBERS.length)];
            ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putLong(place, number);
        }
        return result;
    }

    private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - length + by.length);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }
}
