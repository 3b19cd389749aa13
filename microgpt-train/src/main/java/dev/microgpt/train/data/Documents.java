package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextReader;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.PythonSpace;
import dev.microgpt.train.internal.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in memory, one per line of a text, as microgpt.py reads them.
 *
 * <p>{@link TextSource} describes the encoding and the line ends. White space at both ends of a line is dropped as
 * Python's {@code str.strip()} does, which differs from Java's {@code trim} and {@code strip} (a no-break space
 * counts); lines with nothing else are skipped.
 *
 * <pre>{@code
 * List<String> names = Documents.read(Path.of("data/names.txt")).texts();
 * }</pre>
 *
 * <p>Thread-safe, and immutable from the outside.
 */
public final class Documents {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final List<String> texts = new ArrayList<>();
    private final TextRepairs repairs;
    private final boolean ofFolder;

    /** The files, and the index of the first document of each. */
    private final List<String> files = new ArrayList<>();

    private final List<Integer> firsts = new ArrayList<>();

    /** The line of each document in its file, from 1. */
    private int[] lines = new int[16];

    private @Nullable List<byte[]> contents; // until they are hashed
    private String sha256 = "";

    private Documents(TextSource text, List<byte[]> contents) throws IOException {
        this.ofFolder = text.isFolder();
        this.contents = contents;
        try (TextReader reader = text.with(contents).open()) {
            long all = addLines(reader);
            if (texts.isEmpty()) {
                throw new DataException("data " + text.name() + ": the text has " + all
                        + " lines, all of them blank, but must have one document per line");
            }
            TextRepairs read = reader.repairs();
            repairs = new TextRepairs(read.lineEnds(), read.byteOrderMarks(), all - texts.size());
        }
    }

    /** Adds the documents of all files, whose ends are also ends of lines; returns the number of lines. */
    private long addLines(TextReader reader) throws IOException {
        StringBuilder begun = new StringBuilder(); // a line may end in a later piece
        long linesBefore = 0;
        int line = 0;
        for (String piece = reader.next(); piece != null; piece = reader.next()) {
            if (files.isEmpty() || !reader.file().equals(files.get(files.size() - 1))) {
                linesBefore += begun.length() > 0 ? add(begun, line + 1) : line;
                line = 0;
                files.add(reader.file());
                firsts.add(texts.size());
            }
            int start = 0;
            for (int end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
                line = add(begun.append(piece.substring(start, end)), line + 1);
                start = end + 1;
            }
            begun.append(piece.substring(start));
        }
        return linesBefore + (begun.length() > 0 ? add(begun, line + 1) : line);
    }

    /** Adds the document of a line unless it is blank, and clears the line; returns its number. */
    private int add(StringBuilder line, int number) {
        String document = PythonSpace.strip(line.toString());
        line.setLength(0);
        if (!document.isEmpty()) {
            lines = texts.size() < lines.length ? lines : Arrays.copyOf(lines, 2 * lines.length);
            lines[texts.size()] = number;
            texts.add(document);
        }
        return number;
    }

    /**
     * Reads the documents of a file, or of the text files of a folder.
     *
     * @param fileOrFolder the path, as for {@link TextSource#of(Path)}
     * @return the documents
     * @throws DataException if the content is not UTF-8 text, has no document, or has more than 1 GiB
     * @throws IOException   if a file cannot be read
     */
    public static Documents read(Path fileOrFolder) throws IOException {
        return read(TextSource.of(fileOrFolder));
    }

    /**
     * Reads the documents of a text. A stream that is not text is not read to its end, which may never come.
     *
     * @param text the source
     * @return the documents
     * @throws DataException if the content is not UTF-8 text, has no document, or has more than 1 GiB
     * @throws IOException   if the text cannot be read
     */
    public static Documents read(TextSource text) throws IOException {
        return new Documents(text, text.contents(TextSource.MAX_BYTES, "documents must fit in memory"));
    }

    /**
     * Returns the documents of a file whose content is in memory already.
     *
     * @param content the bytes; not copied
     * @param name    the name of the file in error messages
     * @return the documents
     * @throws IOException a {@link DataException} if the content is not UTF-8 text or has no document
     */
    public static Documents of(byte[] content, String name) throws IOException {
        return new Documents(TextSource.of(new ByteArrayInputStream(content), name), List.of(content));
    }

    /**
     * Returns the documents, in the order of the text.
     *
     * @return a new list, which may be modified
     */
    public List<String> texts() {
        return new ArrayList<>(texts);
    }

    /**
     * Returns the place of a document, for error messages.
     *
     * @param document its index in {@link #texts}
     * @return the file and the number of the line in it, from 1, such as {@code names.txt:3}
     */
    public String place(int document) {
        int file = files.size() - 1;
        while (firsts.get(file) > document) {
            file--;
        }
        return files.get(file) + ":" + lines[document];
    }

    /** {@return what was normalized while the text was read} */
    public TextRepairs repairs() {
        return repairs;
    }

    /**
     * Returns the SHA-256 of the data, computed on the first call; any thread may call it.
     *
     * <p>It is the hash of the bytes of the file or stream. The files of a folder are hashed one after another as one
     * file would be that holds their lines: without byte order marks, and with a line feed after a last line that has
     * none.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public synchronized String sha256() {
        if (contents != null) {
            MessageDigest digest = Sha256.digest();
            for (byte[] content : contents) {
                int start = ofFolder && startsWithByteOrderMark(content) ? BYTE_ORDER_MARK.length : 0;
                digest.update(content, start, content.length - start);
                if (ofFolder && content.length > start && content[content.length - 1] != '\n') {
                    digest.update((byte) '\n');
                }
            }
            sha256 = HexFormat.of().formatHex(digest.digest());
            contents = null;
        }
        return sha256;
    }

    private static boolean startsWithByteOrderMark(byte[] content) {
        int length = BYTE_ORDER_MARK.length;
        return content.length >= length && Arrays.equals(content, 0, length, BYTE_ORDER_MARK, 0, length);
    }
}
