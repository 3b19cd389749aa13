package dev.microgpt.train.safetensors;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The types that numbers have in safetensors files, by the names that the format gives them. Those of real numbers can be
 * read, each of whose values is a value of {@code double}; the others are known by their size, to be passed over.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
public enum NumberType {
    /** {@code double}: what this program computes with and stores. */
    F64(8) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            bytes.asDoubleBuffer().get(to, from, count);
        }
    },
    /** {@code float}. */
    F32(4) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = bytes.getFloat(4 * i);
            }
        }
    },
    /** IEEE 754's binary16: 5 bits of exponent, 10 of fraction. */
    F16(2) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = ofHalf(bytes.getShort(2 * i));
            }
        }
    },
    /** The upper half of a {@code float}: 8 bits of exponent, 7 of fraction. */
    BF16(2) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            }
        }
    },
    /** Two floats, a complex number. */
    C64(8),
    /** One of several formats of 8 bits. */
    F8_E4M3(1),
    /** One of several formats of 8 bits. */
    F8_E5M2(1),
    /** One of several formats of 8 bits. */
    F8_E8M0(1),
    /** Whole, signed. */
    I64(8),
    /** Whole, signed. */
    I32(4),
    /** Whole, signed. */
    I16(2),
    /** Whole, signed. */
    I8(1),
    /** Whole, unsigned. */
    U64(8),
    /** Whole, unsigned. */
    U32(4),
    /** Whole, unsigned. */
    U16(2),
    /** Whole, unsigned. */
    U8(1),
    /** 0 or 1. */
    BOOL(1);

    private static final int FRACTION_BITS = 10;
    private static final int FRACTION = (1 << FRACTION_BITS) - 1;
    private static final int MAX_EXPONENT = 31;
    private static final int BIAS = 15;
    private static final int DOUBLE_BIAS = 1023;
    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final double SMALLEST_HALF = 0x1p-24;

    private final int bytes;

    NumberType(int bytes) {
        this.bytes = bytes;
    }

    /** {@return the bytes of one number} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether {@link TensorFile#read} reads tensors of this type} */
    public boolean isReadable() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** Returns the type of a name in a file, or null if none has it. */
    static @Nullable NumberType named(String name) {
        for (NumberType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** Reads numbers from the start of a little-endian buffer; only where {@link #isReadable}. */
    void decode(ByteBuffer bytes, double[] to, int from, int count) {
        throw new UnsupportedOperationException("safetensors: numbers of type " + this + " cannot be read");
    }

    private static double ofHalf(short half) {
        int exponent = half >> FRACTION_BITS & MAX_EXPONENT;
        int fraction = half & FRACTION;
        double magnitude;
        if (exponent == 0) { // zero or subnormal
            magnitude = fraction * SMALLEST_HALF;
        } else if (exponent == MAX_EXPONENT) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            long shifted = (long) fraction << DOUBLE_FRACTION_BITS - FRACTION_BITS;
            long bits = (long) (exponent - BIAS + DOUBLE_BIAS) << DOUBLE_FRACTION_BITS | shifted;
            magnitude = Double.longBitsToDouble(bits);
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
