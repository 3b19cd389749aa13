package dev.microgpt.train.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.util.HexFormat;

/**
 * A stream that fails at the first byte that is not UTF-8, with an {@link UTFDataFormatException} whose message is what
 * was found and where: {@code byte 0xc1 at offset 27}.
 */
public final class Utf8Input extends FilterInputStream {
    private final Utf8Check check = new Utf8Check();
    private long offset;

    /** @param offset the position of the first byte, from which messages count */
    public Utf8Input(InputStream in, long offset) {
        super(in);
        this.offset = offset;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int count = in.read(buffer, from, length);
        if (count < 0) {
            if (check.isInside()) {
                throw new UTFDataFormatException("the end inside a character at offset " + offset);
            }
            return count;
        }
        int wrong = check.wrongIn(buffer, from, from + count);
        if (wrong != Utf8Check.NONE) {
            throw new UTFDataFormatException(
                    "byte 0x" + HexFormat.of().toHexDigits(buffer[wrong]) + " at offset " + (offset + wrong - from));
        }
        offset += count;
        return count;
    }
}
