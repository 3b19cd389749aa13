package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * The bytes of a header as a stream that ends where the header ends: a large claimed length costs no memory. Neither
 * does a long name, number or string, which a parser keeps until it ends: the parser announces how much it may read.
 */
final class HeaderInput extends InputStream {
    private static final int BUFFER_BYTES = 1 << 13;

    private final Path file;
    private final RandomAccessFile in;
    private final long headerBytes;
    private long position;
    private long end;
    private String excess = "";

    HeaderInput(Path file, RandomAccessFile in, long headerBytes) throws IOException {
        this.file = file;
        this.in = in;
        this.headerBytes = headerBytes;
        in.seek(SafetensorsFormat.LENGTH_BYTES);
    }

    /** Returns the number of bytes read so far, of which the parser may still have some in its buffers. */
    long position() {
        return position;
    }

    /**
     * Lets the parser read on.
     *
     * @param end    the position from which it may not read
     * @param excess what the header has if the parser needs more, for the message
     */
    void allowTo(long end, String excess) {
        this.end = end;
        this.excess = excess;
    }

    /** Returns the offset in the header of the character after a number of chars; the end of the header at most. */
    long offsetOf(long chars) throws IOException {
        in.seek(SafetensorsFormat.LENGTH_BYTES);
        byte[] buffer = new byte[BUFFER_BYTES];
        long before = 0;
        for (long offset = 0; offset < headerBytes; ) {
            int count = readFile(buffer, 0, (int) Math.min(buffer.length, headerBytes - offset));
            if (count < 0) {
                throw SafetensorsException.changed(file);
            }
            for (int i = 0; i < count; i++) {
                boolean isFirst = (buffer[i] & 0xC0) != 0x80;
                if (isFirst && before >= chars) {
                    return offset + i;
                }
                before += !isFirst ? 0 : (buffer[i] & 0xF8) == 0xF0 ? 2 : 1; // characters of 4 bytes are 2 chars
            }
            offset += count;
        }
        return headerBytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (position == headerBytes) {
            return -1;
        }
        if (position >= end) {
            throw new SafetensorsException(file, "header", excess, "at most that many");
        }
        int count = readFile(buffer, offset, (int) Math.min(length, headerBytes - position));
        if (count < 0) {
            throw SafetensorsException.changed(file);
        }
        position += count;
        return count;
    }

    private int readFile(byte[] buffer, int offset, int most) throws IOException {
        try {
            return in.read(buffer, offset, most);
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        }
    }
}
