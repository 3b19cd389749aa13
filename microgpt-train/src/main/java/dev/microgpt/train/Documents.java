package dev.microgpt.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
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
    private static final long MAX_BYTES = 1L << 30;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final List<String> texts;
    private byte @Nullable [] content; // until it is hashed
    private String sha256 = "";

    private Documents(List<String> texts, byte[] content) {
        this.texts = texts;
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
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new DataException("data " + file + ": found " + size + " bytes, expected at most " + MAX_BYTES
                    + ", for all documents are kept in memory");
        }
        return of(Files.readAllBytes(file), file.toString());
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
        String text = decode(content, source);
        List<String> texts = new ArrayList<>();
        int lines = 0;
        for (int start = text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? 0 : 1; start < text.length(); ) {
            int end = endOfLine(text, start);
            String line = strip(text, start, end);
            if (!line.isEmpty()) {
                texts.add(line);
            }
            lines++;
            start = end + (text.startsWith("\r\n", end) ? 2 : 1);
        }
        if (texts.isEmpty()) {
            throw new DataException(
                    "data " + source + ": found " + lines + " lines, all of them blank; expected one document a line");
        }
        return new Documents(texts, content);
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
     * Returns the SHA-256 of the file, computed when it is first asked for.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public synchronized String sha256() {
        if (content != null) {
            sha256 = sha256(content);
            content = null;
        }
        return sha256;
    }

    private static String decode(byte[] content, String source) throws DataException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notUtf8) {
            int offset = bytes.position();
            int line = 1;
            for (int i = 0; i < offset; i++) {
                boolean end = content[i] == '\n' || (content[i] == '\r' && content[i + 1] != '\n');
                line += end ? 1 : 0;
            }
            throw new DataException("data " + source + ":" + line + ": found byte 0x"
                    + HexFormat.of().withUpperCase().toHexDigits(content[offset]) + " at offset " + offset
                    + ", which is not UTF-8; expected a UTF-8 text file");
        }
    }

    private static int endOfLine(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private static String strip(String text, int start, int end) {
        while (start < end && isPythonSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isPythonSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** What Python's {@code str.isspace} calls white space; none of it lies beyond the basic plane. */
    private static boolean isPythonSpace(char c) {
        return c == ' '
                || (c >= '\t' && c <= '\r')
                || (c >= '\u001C' && c <= '\u001F')
                || (c >= '\u0085' && (c == '\u0085' || Character.isSpaceChar(c)));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
