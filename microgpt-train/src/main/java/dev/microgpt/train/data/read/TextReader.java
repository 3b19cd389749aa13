package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.TextKind;
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

/**
 * Decodes UTF-8 files one after another, each a text of its own, piece by piece. Lines end with LF, also those that
 * ended with CRLF or CR, as in Python's text mode.
 */
final class TextReader implements TextPieces {
    static final int BUFFER_BYTES = 1 << 16;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Iterator<TextSource.Part> parts;
    private final ByteBuffer bytes;

    // as long as the bytes: a character of n bytes has at most n chars
    private final CharBuffer chars;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is not UTF-8
    private @Nullable InputStream in;
    private String file = "";

    /** The position in the file where each part begins. */
    private final long start;

    /** The number of bytes of the file before those in the buffer. */
    private long offset;

    /** The number of lines of the file that ended before the bytes in the buffer. */
    private long lines;

    private long firstLine; // of the last piece
    private boolean isAtStart;
    private boolean beginsText;
    private boolean endsInCarriageReturn;
    private long otherLineEnds;
    private long byteOrderMarks;

    /** What is said of the byte behind the last piece if it is no text, or empty. */
    private String complaint = "";

    /** Starts before the first file; the buffer must hold a character, so at least 4 bytes. */
    TextReader(List<TextSource.Part> parts, int bufferBytes) {
        this(parts, bufferBytes, 0);
    }

    private TextReader(List<TextSource.Part> parts, int bufferBytes, long start) {
        this.parts = parts.iterator();
        this.bytes = ByteBuffer.allocate(bufferBytes);
        this.chars = CharBuffer.allocate(bufferBytes);
        this.start = start;
    }

    /** Starts inside a file, whose bytes before {@code start} are another reader's; lines are counted from there. */
    TextReader(TextSource.Part rest, long start) {
        this(List.of(rest), BUFFER_BYTES, start);
    }

    @Override
    public @Nullable String next() throws IOException {
        while (true) {
            if (!complaint.isEmpty()) {
                throw new DataException("data " + file + ":" + (lines + 1) + ": " + complaint);
            }
            InputStream current = in;
            if (current == null) {
                if (!parts.hasNext()) {
                    return null;
                }
                TextSource.Part part = parts.next();
                current = part.bytes().open();
                in = current;
                file = part.name();
                offset = start;
                lines = 0;
                endsInCarriageReturn = false;
                isAtStart = true;
            }
            firstLine = lines + 1;
            String piece = withLineFeeds(read(current));
            lines += count('\n', piece);
            if (!piece.isEmpty()) {
                beginsText = isAtStart;
                isAtStart = false;
                return piece;
            }
        }
    }

    /** Returns the characters of one read before a wrong byte, possibly none, and closes the file at its end. */
    private String read(InputStream current) throws IOException {
        boolean isStart = offset == 0;
        int count = current.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count > 0) {
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
        if (isStart) {
            checkKind();
        }
        chars.clear();
        CoderResult result = decoder.decode(bytes, chars, count < 0);
        chars.flip();
        if (isStart && chars.hasRemaining() && chars.get(0) == BYTE_ORDER_MARK) {
            chars.get();
            byteOrderMarks++;
        }
        String piece = chars.toString();
        int position = bytes.position();
        int zero = piece.indexOf('\0');
        if (zero >= 0) {
            long behind = piece.substring(zero).getBytes(StandardCharsets.UTF_8).length;
            complaint = complaint(0, offset + position - behind, "is not text");
            return piece.substring(0, zero);
        }
        if (result.isError()) {
            complaint = complaint(bytes.get(position), offset + position, "is not UTF-8");
            return piece;
        }
        offset += position;
        bytes.compact(); // a character that is not complete stays
        if (count < 0) {
            decoder.reset();
            close();
        }
        return piece;
    }

    /** Returns the text with LF for CRLF and CR; a pair may be split between two pieces. */
    private String withLineFeeds(String text) {
        boolean splitPair = endsInCarriageReturn && text.startsWith("\n");
        String rest = splitPair ? text.substring(1) : text;
        if (!text.isEmpty()) {
            endsInCarriageReturn = text.endsWith("\r");
        }
        otherLineEnds += count('\r', rest);
        return lineFeeds(rest);
    }

    /** Returns a text with LF for CRLF and CR. */
    static String lineFeeds(String text) {
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** Returns how often a text has a character. */
    static int count(char c, String text) {
        int count = 0;
        for (int at = text.indexOf(c); at >= 0; at = text.indexOf(c, at + 1)) {
            count++;
        }
        return count;
    }

    @Override
    public boolean beginsText() {
        return beginsText;
    }

    @Override
    public int line() {
        return (int) firstLine;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public String place(String piece, int index) {
        return file + ":" + (firstLine + count('\n', piece.substring(0, index)));
    }

    @Override
    public TextRepairs repairs() {
        return new TextRepairs(otherLineEnds, byteOrderMarks, 0);
    }

    private void checkKind() throws DataException {
        String kind = TextKind.complaint(bytes.array(), bytes.limit());
        if (!kind.isEmpty()) {
            throw new DataException("data " + file + ": " + kind);
        }
    }

    private static String complaint(int wrong, long at, String reason) {
        return "byte 0x" + HexFormat.of().withUpperCase().toHexDigits((byte) wrong) + " at offset " + at + " " + reason
                + "; the file must be UTF-8 text";
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
