package dev.microgpt.train.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;

/** A stream that refuses, by an {@link IllegalArgumentException}, what is not UTF-8. */
public final class Utf8Input extends FilterInputStream {
    private final String where;
    private final Utf8Check check = new Utf8Check();
    private long offset;

    /** @param where what messages call it */
    public Utf8Input(String where, InputStream in) {
        super(in);
        this.where = where;
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
                throw wrong("the end inside a character", offset);
            }
            return count;
        }
        int wrong = check.wrongIn(buffer, from, from + count);
        if (wrong != Utf8Check.NONE) {
            throw wrong("byte 0x" + HexFormat.of().toHexDigits(buffer[wrong]), offset + wrong - from);
        }
        offset += count;
        return count;
    }

    private IllegalArgumentException wrong(String found, long at) {
        return new IllegalArgumentException(where + ": found " + found + " at offset " + at + ", expected UTF-8");
    }
}
