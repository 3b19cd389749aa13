package dev.microgpt.train.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * The header's bytes as a stream, so that a large claimed length costs no memory, refused where they are not UTF-8: the
 * JSON parser alone would accept characters in overlong forms and halves of surrogate pairs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, syntax of UTF-8 byte sequences</a>
 */
final class HeaderInput extends InputStream {

    private final Path file;
    private final RandomAccessFile in;
    private final long end;
    private long position = SafetensorsFormat.LENGTH_BYTES;

    /** How many bytes of the present character are to come, and the range of the next of them. */
    private int pending;

    private int low;
    private int high;

    HeaderInput(Path file, RandomAccessFile in, long headerBytes) throws IOException {
        this.file = file;
        this.in = in;
        this.end = position + headerBytes;
        in.seek(position);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (position == end) {
            if (pending > 0) {
                throw notUtf8("the end of the header inside a character");
            }
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, end - position));
        if (count < 0) {
            throw new EOFException();
        }
        for (int i = offset; i < offset + count; i++) {
            check(buffer[i] & 0xFF);
            position++;
        }
        return count;
    }

    private void check(int b) throws SafetensorsException {
        if (pending > 0) {
            if (b < low || b > high) {
                throw notUtf8(hex(b));
            }
            expect(pending - 1, 0x80, 0xBF);
        } else if (b >= 0x80) {
            checkFirst(b);
        }
    }

    /** The first byte decides how many follow; the narrower ranges exclude overlong forms and surrogates. */
    private void checkFirst(int b) throws SafetensorsException {
        if (b < 0xC2 || b > 0xF4) {
            throw notUtf8(hex(b));
        } else if (b < 0xE0) {
            expect(1, 0x80, 0xBF);
        } else if (b < 0xF0) {
            expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        } else {
            expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        }
    }

    private void expect(int pending, int low, int high) {
        this.pending = pending;
        this.low = low;
        this.high = high;
    }

    private static String hex(int b) {
        return "byte 0x" + Integer.toHexString(b);
    }

    private SafetensorsException notUtf8(String found) {
        return new SafetensorsException(file, "header at byte " + position + " of the file", found, "UTF-8");
    }
}
