package dev.microgpt.train.data;

import dev.microgpt.train.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes files of UTF-8, one after another, piece by piece; a piece never ends inside a character. */
final class TextReader implements Closeable {
    static final int BUFFER_BYTES = 1 << 16;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Iterator<TextSource.Part> parts;
    private final ByteBuffer bytes;

    // as long as the bytes: a character of n bytes has at most n chars
    private final CharBuffer chars;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is not UTF-8
    private @Nullable InputStream in;
    private String file = "";

    /** How many bytes of the file come before those in the buffer. */
    private long offset;

    /** Begins before the first file; a buffer must hold a character, so at least 4 bytes. */
    TextReader(List<TextSource.Part> parts, int bufferBytes) {
        this.parts = parts.iterator();
        this.bytes = ByteBuffer.allocate(bufferBytes);
        this.chars = CharBuffer.allocate(bufferBytes);
    }

    /** Returns the next piece of the text, which is not empty, or null after the last. */
    @Nullable
    String next() throws IOException {
        while (true) {
            InputStream current = in;
            if (current == null) {
                if (!parts.hasNext()) {
                    return null;
                }
                TextSource.Part part = parts.next();
                current = part.bytes().open();
                in = current;
                file = part.name();
                offset = 0;
            }
            String piece = read(current);
            if (!piece.isEmpty()) {
                return piece;
            }
        }
    }

    /** Returns what one read gives, perhaps nothing, and closes the file after the last. */
    private String read(InputStream current) throws IOException {
        boolean isStart = offset == 0;
        int count = current.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count > 0) {
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
        chars.clear();
        CoderResult result = decoder.decode(bytes, chars, count < 0);
        if (result.isError()) {
            throw notUtf8();
        }
        offset += bytes.position();
        bytes.compact(); // a character that is not complete stays
        if (count < 0) {
            decoder.reset();
            close();
        }
        chars.flip();
        if (isStart && chars.hasRemaining() && chars.get(0) == BYTE_ORDER_MARK) {
            chars.get();
        }
        return chars.toString();
    }

    private DataException notUtf8() {
        int wrong = bytes.get(bytes.position());
        return new DataException("data " + file + ": found byte 0x"
                + HexFormat.of().withUpperCase().toHexDigits((byte) wrong) + " at offset " + (offset + bytes.position())
                + ", which is not UTF-8; expected UTF-8 text");
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
