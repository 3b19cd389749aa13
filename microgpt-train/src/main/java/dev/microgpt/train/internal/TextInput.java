package dev.microgpt.train.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A stream of UTF-8 text that ends early once its bytes cannot be text. A reader that buffers everything before
 * decoding is thereby protected from endless input such as {@code /dev/zero}.
 *
 * <p>The stream does not fail: reporting the error with its position is up to the reader. Only the first 2²⁰ bytes are
 * examined.
 */
public final class TextInput extends FilterInputStream {
    private static final int LOOKED_AT = 1 << 20;

    private final String file;
    private final Utf8Check check = new Utf8Check();
    private int count;
    private boolean wrong;

    private TextInput(InputStream in, String file) {
        super(in);
        this.file = file;
    }

    /** Wraps a stream, which is closed together with this one. */
    public static TextInput of(InputStream in) {
        return new TextInput(in, "");
    }

    /** Opens a file, whose name appears in every exception. */
    public static TextInput open(Path file) throws IOException {
        return new TextInput(Files.newInputStream(file), file.toString());
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
        int read = readNamed(buffer, from, length);
        if (read > 0 && count < LOOKED_AT) {
            count += read;
            wrong |= hasZero(buffer, from, from + read) || check.wrongIn(buffer, from, from + read) != Utf8Check.NONE;
        }
        return read;
    }

    private int readNamed(byte[] buffer, int from, int length) throws IOException {
        try {
            return in.read(buffer, from, length);
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException failure) {
            if (file.isEmpty()) {
                throw failure;
            }
            FileSystemException named = new FileSystemException(file, null, failure.getMessage());
            named.initCause(failure);
            throw named;
        }
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
