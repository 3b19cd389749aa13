package dev.microgpt.train.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NumberTypeTest {
    private static final int ALL = 1 << 16;

    private static double[] decodeAll(NumberType type) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * ALL).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ALL; i++) {
            bytes.putShort(2 * i, (short) i);
        }
        double[] numbers = new double[ALL];
        type.decode(bytes, numbers, 0, ALL);
        return numbers;
    }

    /** Returns the value by definition of a binary format whose bits are sign, exponent and fraction. */
    private static double value(int bits, int fractionBits, int exponentBits) {
        int largest = (1 << exponentBits) - 1;
        int bias = largest >> 1;
        int exponent = bits >> fractionBits & largest;
        double fraction = (bits & (1 << fractionBits) - 1) * StrictMath.pow(2, -fractionBits);
        double magnitude = exponent == 0
                ? fraction * StrictMath.pow(2, 1 - bias)
                : (1 + fraction) * StrictMath.pow(2, exponent - bias);
        if (exponent == largest) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        return bits >> fractionBits + exponentBits == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyNumberOf16BitsIsTheSameNumber() {
        double[] half = decodeAll(NumberType.F16);
        double[] brain = decodeAll(NumberType.BF16);
        for (int bits = 0; bits < ALL; bits++) {
            assertEquals(value(bits, 10, 5), half[bits], "F16 " + Integer.toHexString(bits));
            assertEquals(value(bits, 7, 8), brain[bits], "BF16 " + Integer.toHexString(bits));
        }
        assertEquals(65504.0, half[0x7BFF]);
        assertEquals(0x1p-24, half[1]);
        assertEquals(-0.0, half[0x8000]);
    }

    @Test
    void namesAreThoseOfTheFormat() {
        assertEquals(NumberType.BF16, NumberType.named("BF16"));
        assertEquals(null, NumberType.named("f32"));
        assertEquals(null, NumberType.named("F4"));
        assertEquals(8, NumberType.I64.bytes());
        assertEquals(1, NumberType.BOOL.bytes());
        assertTrue(NumberType.F16.isReadable());
        assertFalse(NumberType.U8.isReadable());
        assertThrows(
                UnsupportedOperationException.class,
                () -> NumberType.I32.decode(ByteBuffer.allocate(4), new double[1], 0, 1));
    }
}
