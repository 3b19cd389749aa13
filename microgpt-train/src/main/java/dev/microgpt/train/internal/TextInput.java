package dev.microgpt.train.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream of UTF-8 text that ends early once its bytes cannot be text. A reader that buffers everything before
 * decoding is thereby protected from endless input such as {@code /dev/zero}.
 *
 * <p>The stream does not fail: reporting the error with its position is up to the reader. Only the first 2²⁵ bytes are
 * examined.
 */
public final class TextInput extends FilterInputStream {
    private static final int LOOKED_AT = 1 << 25;

    private final Utf8Check check = new Utf8Check();
    private int count;
    private boolean wrong;

    private TextInput(InputStream in) {
        super(in);
    }

    /** Wraps a stream, which is closed together with this one. */
    public static TextInput of(InputStream in) {
        return new TextInput(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (wrong && count >= TextKind.USEFUL_BYTES) {
            return -1;
        }
        int read = in.read(buffer, from, length);
        if (read > 0 && count == 0) {
            int known = Math.min(read, TextKind.USEFUL_BYTES);
            wrong = !TextKind.complaint(Arrays.copyOfRange(buffer, from, from + known), known)
                    .isEmpty();
        }
        if (read > 0 && count < LOOKED_AT) {
            count += read;
            wrong |= hasZero(buffer, from, from + read) || check.wrongIn(buffer, from, from + read) != Utf8Check.NONE;
        }
        return read;
    }

    private static boolean hasZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
