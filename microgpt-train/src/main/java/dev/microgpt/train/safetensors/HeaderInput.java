package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The bytes of a header as a stream that ends where the header ends: a large claimed length costs no memory. */
final class HeaderInput extends InputStream {
    private final Path file;
    private final RandomAccessFile in;
    private long left;

    HeaderInput(Path file, RandomAccessFile in, long headerBytes) throws IOException {
        this.file = file;
        this.in = in;
        this.left = headerBytes;
        in.seek(SafetensorsFormat.LENGTH_BYTES);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = readFile(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw SafetensorsException.changed(file);
        }
        left -= count;
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
