package dev.microgpt.train.internal;

/**
 * Validates UTF-8 incrementally. JSON parsers accept overlong encodings and surrogates, by which two different byte
 * sequences could decode to the same name.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, syntax of UTF-8 byte sequences</a>
 */
public final class Utf8Check {
    /** Returned if no byte is invalid. */
    public static final int NONE = -1;

    /**
     * The number of bytes still missing from the current character; the next must lie in {@code low} to {@code high}.
     */
    private int pending;

    private int low;
    private int high;

    /** Starts before the first byte. */
    public Utf8Check() {}

    /** Consumes the next bytes and returns the index of the first invalid one, or {@link #NONE}. */
    public int wrongIn(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!accepts(bytes[i] & 0xFF)) {
                return i;
            }
        }
        return NONE;
    }

    /** Returns whether the last character is incomplete. */
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

    /** The first byte determines how many follow; the narrower ranges exclude overlong encodings and surrogates. */
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
