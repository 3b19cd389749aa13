package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.PythonSpace;
import dev.microgpt.train.internal.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Documents in memory: one per line of a text, as microgpt.py reads them, one per record of a {@link RecordFormat}, or
 * one per string of a list.
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
    private final boolean isMarked;

    /** The files, and the index of the first document of each. */
    private final List<String> files = new ArrayList<>();

    private final List<Integer> firsts = new ArrayList<>();

    /** The line of each document in its file, from 1. */
    private int[] lines = new int[16];

    private @Nullable List<byte[]> contents; // until they are hashed
    private String sha256 = "";

    private Documents(TextSource text, RecordFormat format, @Nullable List<byte[]> contents) throws IOException {
        this.ofFolder = text.isFolder();
        this.isMarked = format.hasSpecialTokens();
        this.contents = contents;
        long left = TextSource.MAX_BYTES;
        try (TextPieces reader = format.records(contents == null ? text : text.with(contents))) {
            for (String record = reader.next(); record != null; record = reader.next()) {
                add(reader, record);
                left -= record.length();
                if (left < 0) {
                    throw new DataException("data " + text.name() + ": the documents have more than "
                            + TextSource.MAX_BYTES + " characters; documents must fit in memory");
                }
            }
            repairs = reader.repairs();
        }
        checkNotEmpty(text.name(), "the text", format.isLines() ? "line" : "record");
        if (isMarked && Set.of("").containsAll(withoutMarks())) {
            throw new DataException(
                    "data " + text.name() + ": the documents have nothing but special tokens, but must have text");
        }
    }

    private Documents(List<String> strings, String name) throws DataException {
        ofFolder = false;
        isMarked = false;
        files.add(name);
        firsts.add(0);
        long lineEnds = 0;
        long blank = 0;
        CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
        for (int i = 0; i < strings.size(); i++) {
            String original = strings.get(i).replace("\r\n", "\r");
            lineEnds += original.length() - original.replace("\r", "").length();
            String text = original.replace('\r', '\n');
            if (text.indexOf('\0') >= 0 || !utf8.canEncode(text)) {
                throw new DataException(
                        "data " + name + ":" + (i + 1) + ": the string has U+0000 or half of a surrogate"
                                + " pair, which no text can have; remove it");
            }
            if (PythonSpace.strip(text).isEmpty()) {
                blank++;
            } else {
                add(i + 1, text);
            }
        }
        repairs = new TextRepairs(lineEnds, 0, 0, blank, 0);
        checkNotEmpty(name, "the list", "string");
    }

    private void checkNotEmpty(String name, String whole, String unit) throws DataException {
        if (texts.isEmpty()) {
            long blank = repairs.blankLines() + repairs.blankRecords();
            throw new DataException("data " + name + ": " + whole + " has " + blank + " " + unit
                    + (blank == 1 ? ", which is blank" : "s, all of them blank") + ", but must have one document per "
                    + unit);
        }
    }

    private void add(TextPieces reader, String document) {
        if (files.isEmpty() || !reader.file().equals(files.get(files.size() - 1))) {
            files.add(reader.file());
            firsts.add(texts.size());
        }
        add(reader.line(), document);
    }

    private void add(int line, String document) {
        lines = texts.size() < lines.length ? lines : Arrays.copyOf(lines, 2 * lines.length);
        lines[texts.size()] = line;
        texts.add(document);
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
        return read(text, RecordFormat.lines());
    }

    /**
     * Reads the records of a text as documents.
     *
     * @param text   the source
     * @param format what the records are
     * @return the documents
     * @throws DataException if the content is not UTF-8 text, if a file breaks a rule of its format, or if there is no
     *     document or more than 1 GiB of them
     * @throws IOException   if the text cannot be read
     */
    public static Documents read(TextSource text, RecordFormat format) throws IOException {
        String rule = "documents must fit in memory";
        return new Documents(
                text, format, format.equals(RecordFormat.lines()) ? text.contents(TextSource.MAX_BYTES, rule) : null);
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
        return new Documents(
                TextSource.of(new ByteArrayInputStream(content), name), RecordFormat.lines(), List.of(content));
    }

    /**
     * Returns strings as documents, each of them one, as it is, with its white space and its line ends, which become
     * LF; blank ones are skipped. Their hash is that of equal records of JSON Lines.
     *
     * @param texts the strings
     * @param name  the name of the list in error messages, which count the strings from 1
     * @return the documents
     * @throws DataException if a string has U+0000 or half of a surrogate pair, or if all are blank
     */
    public static Documents of(List<String> texts, String name) throws DataException {
        return new Documents(texts, name);
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
     * @return the file and the number of the line in it in which the document begins, from 1, such as
     *     {@code names.txt:3}; of a list its name and the number of the string
     */
    public String place(int document) {
        int file = files.size() - 1;
        while (firsts.get(file) > document) {
            file--;
        }
        return files.get(file) + ":" + lines[document];
    }

    /**
     * Returns a tokenizer with a token for each character of the documents.
     *
     * @return the tokenizer; characters that occur in special tokens alone are left out if the format has these
     */
    public CharTokenizer characters() {
        return CharTokenizer.fromDocuments(isMarked ? withoutMarks() : texts);
    }

    private List<String> withoutMarks() {
        List<String> plain = new ArrayList<>();
        for (String text : texts) {
            plain.add(text.replace(BpeVocabulary.END_OF_TEXT, ""));
        }
        return plain;
    }

    /**
     * Returns what encodes the documents.
     *
     * @param tokenizer a tokenizer
     * @return the tokenizer; with a format that has special tokens, one with the same tokens that encodes those that
     *     are written out as what they are
     */
    public Tokenizer encoder(Tokenizer tokenizer) {
        return isMarked ? new MarkedTokenizer(tokenizer) : tokenizer;
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
     * none. Documents of another format than lines are hashed in UTF-8, each followed by the byte 0xFF, or 0xFE with
     * special tokens.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public synchronized String sha256() {
        if (sha256.isEmpty()) {
            sha256 = contents == null ? sha256(isMarked) : sha256(contents);
            contents = null;
        }
        return sha256;
    }

    /**
     * Returns the SHA-256 that these documents have if they are read with special tokens, which does not change their
     * texts; computed on each call.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String sha256WithSpecialTokens() {
        return sha256(true);
    }

    private String sha256(boolean marked) {
        MessageDigest digest = Sha256.digest();
        byte end = (byte) (marked ? 0xFE : 0xFF); // in no UTF-8
        for (String text : texts) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            digest.update(end);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String sha256(List<byte[]> files) {
        MessageDigest digest = Sha256.digest();
        for (byte[] content : files) {
            int start = ofFolder && startsWithByteOrderMark(content) ? BYTE_ORDER_MARK.length : 0;
            digest.update(content, start, content.length - start);
            if (ofFolder && content.length > start && content[content.length - 1] != '\n') {
                digest.update((byte) '\n');
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static boolean startsWithByteOrderMark(byte[] content) {
        int length = BYTE_ORDER_MARK.length;
        return content.length >= length && Arrays.equals(content, 0, length, BYTE_ORDER_MARK, 0, length);
    }
}
