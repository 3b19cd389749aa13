package dev.microgpt.train.safetensors;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The number types (dtypes) of the safetensors format, under its names. The floating-point types {@link #F64}, {@link
 * #F32}, {@link #F16} and {@link #BF16} can be read, because {@code double} represents each of their values exactly. Of
 * the others only the size is used, to skip their tensors.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
public enum NumberType {
    /** IEEE 754 binary64, {@code double}: the type in which this library computes and stores. */
    F64(8) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            bytes.asDoubleBuffer().get(to, from, count);
        }
    },
    /** IEEE 754 binary32, {@code float}. */
    F32(4) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = bytes.getFloat(4 * i);
            }
        }
    },
    /** IEEE 754 binary16 (half precision): 5 exponent bits, 10 fraction bits. */
    F16(2) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = ofHalf(bytes.getShort(2 * i));
            }
        }
    },
    /** bfloat16, the upper half of a {@code float}: 8 exponent bits, 7 fraction bits. */
    BF16(2) {
        @Override
        void decode(ByteBuffer bytes, double[] to, int from, int count) {
            for (int i = 0; i < count; i++) {
                to[from + i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            }
        }
    },
    /** A complex number of two {@code float}s. */
    C64(8),
    /** An 8-bit float with 4 exponent and 3 fraction bits. */
    F8_E4M3(1),
    /** An 8-bit float with 5 exponent and 2 fraction bits. */
    F8_E5M2(1),
    /** An 8-bit power of two, used as a scale. */
    F8_E8M0(1),
    /** A signed 64-bit integer. */
    I64(8),
    /** A signed 32-bit integer. */
    I32(4),
    /** A signed 16-bit integer. */
    I16(2),
    /** A signed 8-bit integer. */
    I8(1),
    /** An unsigned 64-bit integer. */
    U64(8),
    /** An unsigned 32-bit integer. */
    U32(4),
    /** An unsigned 16-bit integer. */
    U16(2),
    /** An unsigned 8-bit integer. */
    U8(1),
    /** A boolean in one byte, 0 or 1. */
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

    /** {@return the size of one number in bytes} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether {@link TensorFile#read} reads tensors of this type} */
    public boolean isReadable() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** Returns the type with a name in a file, or null if the name is unknown. */
    static @Nullable NumberType named(String name) {
        for (NumberType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** Converts numbers from the start of a little-endian buffer; only if {@link #isReadable}. */
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
