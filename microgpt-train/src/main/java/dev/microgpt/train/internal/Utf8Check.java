package dev.microgpt.train.internal;

/**
 * Tells whether bytes are UTF-8, piece by piece: JSON parsers accept characters in overlong forms and halves of surrogate
 * pairs, so that two texts could be one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, syntax of UTF-8 byte sequences</a>
 */
public final class Utf8Check {
    /** The index of a byte that is wrong, if none is. */
    public static final int NONE = -1;

    /** How many bytes of the present character are to come, and the range of the next of them. */
    private int pending;

    private int low;
    private int high;

    /** Begins before the first byte. */
    public Utf8Check() {}

    /** Takes the next bytes; returns the index of the first that cannot be there, or {@link #NONE}. */
    public int wrongIn(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!accepts(bytes[i] & 0xFF)) {
                return i;
            }
        }
        return NONE;
    }

    /** Tells whether a character is not complete. */
    public boolean isInside() {
        return pending > 0;
    }

    private boolean accepts(int b) {
        if (pending > 0) {
            boolean fits = b >= low && b <= high;
            expect(pending - 1, 0x80, 0xBF);
            return fits;
        }
        return b < 0x80 || acceptsFirst(b);
    }

    /** The first byte decides how many follow; the narrower ranges exclude overlong forms and surrogates. */
    private boolean acceptsFirst(int b) {
        if (b < 0xC2 || b > 0xF4) {
            return false;
        } else if (b < 0xE0) {
            expect(1, 0x80, 0xBF);
        } else if (b < 0xF0) {
            expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        } else {
            expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        }
        return true;
    }

    private void expect(int pending, int low, int high) {
        this.pending = pending;
        this.low = low;
        this.high = high;
    }
}
