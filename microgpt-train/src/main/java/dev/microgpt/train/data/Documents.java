package dev.microgpt.train.data;

import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.TextInput;
import dev.microgpt.train.internal.TextKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a text file, one a line, as microgpt.py reads them.
 *
 * <p>The file is UTF-8. Lines end with LF, CRLF or CR; a byte order mark at the start is dropped. White space at both
 * ends of a line is dropped as Python's {@code str.strip()} does, which differs from Java's {@code trim} and
 * {@code strip} (a no-break space counts); lines with nothing else are skipped.
 */
public final class Documents {
    private static final int MAX_BYTES = 1 << 30;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final char REPLACEMENT = '\uFFFD';

    private final List<String> texts;
    private final String source;
    private final int[] lines;
    private final TextRepairs repairs;
    private byte @Nullable [] content; // until it is hashed
    private String sha256 = "";

    private Documents(List<String> texts, String source, int[] lines, TextRepairs repairs, byte[] content) {
        this.texts = texts;
        this.source = source;
        this.lines = lines;
        this.repairs = repairs;
        this.content = content;
    }

    /**
     * Reads a file.
     *
     * @param file the path
     * @return its documents
     * @throws DataException if the content is not UTF-8 or has no document
     * @throws IOException   if the file cannot be read
     */
    public static Documents read(Path file) throws IOException {
        try (InputStream in = TextInput.open(file)) {
            return readAll(in, file.toString());
        }
    }

    /**
     * Reads a stream, such as standard input, to its end, or until it is clear that it is no text.
     *
     * @param in     the bytes; not closed
     * @param source what messages call it
     * @return its documents
     * @throws DataException if the content is not UTF-8 or has no document
     * @throws IOException   if it cannot be read
     */
    public static Documents read(InputStream in, String source) throws IOException {
        return readAll(TextInput.of(in), source);
    }

    private static Documents readAll(InputStream in, String source) throws IOException {
        byte[] content = in.readNBytes(MAX_BYTES + 1); // not by a size: a pipe has none
        if (content.length > MAX_BYTES) {
            throw new DataException("data " + source + ": found more than " + MAX_BYTES
                    + " bytes, expected fewer, for all documents are kept in memory");
        }
        return of(content, source);
    }

    /**
     * Takes the content of a file that is in memory.
     *
     * @param content the bytes; not copied
     * @param source  what messages call the file
     * @return its documents
     * @throws DataException if the content is not UTF-8 or has no document
     */
    public static Documents of(byte[] content, String source) throws DataException {
        String kind = TextKind.complaint(content, content.length);
        if (!kind.isEmpty()) {
            throw new DataException("data " + source + ": " + kind);
        }
        List<String> texts = new ArrayList<>();
        int[] numbers = new int[16];
        int lines = 0;
        int otherEnds = 0;
        int mark = startsWithByteOrderMark(content) ? 1 : 0;
        for (int start = mark * BYTE_ORDER_MARK.length; start < content.length; ) {
            int end = endOfLine(content, start);
            lines++;
            String text = PythonSpace.strip(decode(content, start, end, source, lines));
            if (!text.isEmpty()) {
                numbers = texts.size() < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * numbers.length);
                numbers[texts.size()] = lines;
                texts.add(text);
            }
            boolean other = end < content.length && content[end] == '\r';
            otherEnds += other ? 1 : 0;
            start = end + (other && end + 1 < content.length && content[end + 1] == '\n' ? 2 : 1);
        }
        if (texts.isEmpty()) {
            throw new DataException(
                    "data " + source + ": found " + lines + " lines, all of them blank; expected one document a line");
        }
        TextRepairs repairs = new TextRepairs(otherEnds, mark, lines - texts.size());
        return new Documents(texts, source, numbers, repairs, content);
    }

    /**
     * Returns the documents, in the order of the file.
     *
     * @return a new list, which may be changed
     */
    public List<String> texts() {
        return new ArrayList<>(texts);
    }

    /**
     * Returns where a document is, for messages.
     *
     * @param document its index in {@link #texts}
     * @return the name of the file and the number of the line, from 1, as in {@code names.txt:3}
     */
    public String place(int document) {
        return source + ":" + lines[document];
    }

    /** {@return what was set right while the file was read} */
    public TextRepairs repairs() {
        return repairs;
    }

    /**
     * Returns the SHA-256 of the file, computed when it is first asked for, by any thread.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public synchronized String sha256() {
        if (content != null) {
            sha256 = HexFormat.of().formatHex(Sha256.digest().digest(content));
            content = null;
        }
        return sha256;
    }

    private static boolean startsWithByteOrderMark(byte[] content) {
        int length = BYTE_ORDER_MARK.length;
        return content.length >= length && Arrays.equals(content, 0, length, BYTE_ORDER_MARK, 0, length);
    }

    /** In UTF-8 the bytes of LF and CR stand for nothing else. */
    private static int endOfLine(byte[] content, int start) {
        int end = start;
        while (end < content.length && content[end] != '\n' && content[end] != '\r') {
            end++;
        }
        return end;
    }

    private static String decode(byte[] content, int start, int end, String source, int line) throws DataException {
        String text = new String(content, start, end - start, StandardCharsets.UTF_8);
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            int offset = start + text.substring(0, zero).getBytes(StandardCharsets.UTF_8).length;
            throw new DataException("data " + source + ":" + line + ": found byte 0x00 at offset " + offset
                    + ", which no text has; expected a UTF-8 text file");
        }
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // bytes that are not UTF-8 were replaced, unless the character itself is in the text
        ByteBuffer bytes = ByteBuffer.wrap(content, start, end - start);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notUtf8) {
            int offset = bytes.position();
            throw new DataException("data " + source + ":" + line + ": found byte 0x"
                    + HexFormat.of().withUpperCase().toHexDigits(content[offset]) + " at offset " + offset
                    + ", which is not UTF-8; expected a UTF-8 text file");
        }
    }
}
