package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Utf8Check;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HexFormat;

/** The header's bytes as a stream, so that a large claimed length costs no memory, refused where they are not UTF-8. */
final class HeaderInput extends InputStream {

    private final Path file;
    private final RandomAccessFile in;
    private final long end;
    private final Utf8Check utf8 = new Utf8Check();
    private long position = SafetensorsFormat.LENGTH_BYTES;

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
            if (utf8.isInside()) {
                throw notUtf8("the end of the header inside a character");
            }
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, end - position));
        if (count < 0) {
            throw new EOFException();
        }
        int wrong = utf8.wrongIn(buffer, offset, offset + count);
        if (wrong != Utf8Check.NONE) {
            position += wrong - offset;
            throw notUtf8("byte 0x" + HexFormat.of().toHexDigits(buffer[wrong]));
        }
        position += count;
        return count;
    }

    private SafetensorsException notUtf8(String found) {
        return new SafetensorsException(file, "header at byte " + position + " of the file", found, "UTF-8");
    }
}
