package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.TextInput;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.FileOperations;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A text to read: a file, the files of a folder one after another, or a stream.
 *
 * <p>The text is UTF-8. A byte order mark at the start of a file is dropped, and lines may end with LF, CRLF or CR,
 * which are all read as LF; nothing else is changed. Confined to one thread at a time.
 */
public final class TextSource {
    /** The most bytes of a text that are held in memory: 1 GiB. */
    public static final int MAX_BYTES = 1 << 30;

    /** The pattern of the files of a folder, unless another is given. */
    public static final String TEXT_FILES = "*.txt";

    private final String name;
    private final List<Part> parts;
    private final boolean once;
    private final String listing;

    private TextSource(String name, List<Part> parts, boolean once, String listing) {
        this.name = name;
        this.parts = parts;
        this.once = once;
        this.listing = listing;
    }

    /**
     * One file of the text.
     *
     * @param name  the name in error messages
     * @param bytes opens the file
     */
    record Part(String name, Opener bytes) {}

    /** Opens a file at its beginning. */
    interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * Returns the text of a file, or of the {@code *.txt} files of a folder, as {@link #of(Path, String)} finds them.
     *
     * @param fileOrFolder the path
     * @return the source
     * @throws IOException if there is no such file or folder, if the folder has no text file, or if it cannot be listed
     */
    public static TextSource of(Path fileOrFolder) throws IOException {
        return of(fileOrFolder, TEXT_FILES);
    }

    /**
     * Returns the text of a file, or of the files of a folder and of its subfolders that a pattern matches, sorted by
     * their paths in the folder (with slashes, byte by byte). Files and folders whose names begin with a dot are
     * passed over, and links to folders are not followed.
     *
     * @param fileOrFolder the path
     * @param pattern      for a folder: a pattern such as {@code *.java} for the name of a file, or one with a slash
     *     such as <code>src/**&#47;*.java</code> for its path in the folder; in the syntax of
     *     {@link java.nio.file.FileSystem#getPathMatcher} for {@code glob}, but <code>**&#47;</code> also matches no
     *     folder, and may occur up to 8 times
     * @return the source
     * @throws IllegalArgumentException if the pattern is empty or malformed
     * @throws IOException if there is no such file or folder, if no file of the folder matches, if a matching one is
     *     not a regular file, or if the folder cannot be listed
     */
    public static TextSource of(Path fileOrFolder, String pattern) throws IOException {
        String name = fileOrFolder.toString();
        BasicFileAttributes attributes = Files.readAttributes(fileOrFolder, BasicFileAttributes.class);
        if (!attributes.isDirectory()) {
            return new TextSource(name, List.of(part(fileOrFolder)), !canBeReadTwice(fileOrFolder), "");
        }
        FolderFiles found = new FolderFiles(fileOrFolder, pattern);
        List<Part> parts = new ArrayList<>();
        for (Path file : found.files()) {
            parts.add(part(file));
        }
        if (parts.isEmpty()) {
            String reason = "the folder has no file " + pattern + ", but must have at least one; name a file"
                    + " directly, or give another pattern";
            throw new UnusableFileException(fileOrFolder, reason);
        }
        return new TextSource(name, parts, false, found.description());
    }

    /**
     * Returns the text of a stream, such as standard input. It can be used only once.
     *
     * @param in   the text; read to its end and closed when the source is used
     * @param name the name of the text in error messages
     * @return the source
     */
    public static TextSource of(InputStream in, String name) {
        return new TextSource(name, List.of(new Part(name, () -> TextInput.of(in))), true, "");
    }

    private static Part part(Path file) {
        return new Part(file.toString(), () -> TextInput.of(OrdinaryFile.openStream(file)));
    }

    /** A name in /dev may stand for a file that is already open, with one position for all its readers. */
    private static boolean canBeReadTwice(Path file) {
        return Files.isRegularFile(file) && !file.startsWith("/dev") && !file.startsWith("/proc");
    }

    /** Returns the files of the text, which can all be read at any position. */
    List<Path> files() throws DataException {
        List<Path> files = new ArrayList<>();
        for (Part part : parts) {
            Path file = Path.of(part.name());
            if (once || !canBeReadTwice(file)) {
                throw new DataException("data " + part.name() + ": it must be an ordinary file to be read in parts");
            }
            files.add(file);
        }
        return files;
    }

    /** {@return what was found in the folder, and what was passed over, as a sentence; empty without a folder} */
    public String listing() {
        return listing;
    }

    /** {@return the name in messages: the path, or that of the stream} */
    public String name() {
        return name;
    }

    /**
     * Returns the error that the text is empty.
     *
     * @param repairs what was skipped
     * @return the error
     */
    public DataException empty(TextRepairs repairs) {
        long blank = repairs.blankRecords();
        return new DataException("data " + name + ": "
                + (blank == 0
                        ? "the text is empty, but must have at least one character"
                        : "all records of the text are blank (" + blank + "), but one must have at least one character;"
                                + " is it the right file and field?"));
    }

    /** Returns a reader at the beginning of the text, to be closed. */
    TextReader open() {
        return new TextReader(parts, TextReader.BUFFER_BYTES);
    }

    /** {@return whether the text is in the files of a folder} */
    public boolean isFolder() {
        return !listing.isEmpty();
    }

    /**
     * Reads all files into memory, but not far beyond a limit.
     *
     * @param limit the most bytes of all files together
     * @param rule  the end of the message that they have more
     * @return the content of each file
     * @throws DataException if they have more bytes
     * @throws IOException   if a file cannot be read
     */
    public List<byte[]> contents(int limit, String rule) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        int left = limit;
        for (Part part : parts) {
            try (InputStream in = part.bytes().open()) {
                byte[] content = in.readNBytes(left + 1); // not by a size: a pipe has none
                if (content.length > left) {
                    throw new DataException("data " + name + ": the text has more than " + limit + " bytes; " + rule);
                }
                contents.add(content);
                left -= content.length;
            }
        }
        return contents;
    }

    /**
     * Returns a source of the same files with these contents.
     *
     * @param contents the {@linkplain #contents bytes} of each file; not copied
     * @return the source, which can be read any number of times
     */
    public TextSource with(List<byte[]> contents) {
        List<Part> copies = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            byte[] content = contents.get(i);
            copies.add(new Part(parts.get(i).name(), () -> new ByteArrayInputStream(content)));
        }
        return new TextSource(name, copies, false, listing);
    }

    /**
     * Returns a source of the same text that can be read any number of times, with a copy in memory if necessary.
     *
     * @return the source
     * @throws DataException if the text can be read only once and has more than {@link #MAX_BYTES}
     * @throws IOException   if it cannot be read
     */
    public TextSource inMemory() throws IOException {
        String rule = "a stream must fit in memory; prepare a corpus of token files from it";
        return once ? with(contents(MAX_BYTES, rule)) : this;
    }

    /**
     * Returns a source of the same text that can be read any number of times, with a copy in a file if necessary.
     *
     * @param file the copy, which the caller deletes
     * @return the source
     * @throws IOException if the text cannot be read or the copy cannot be written
     */
    public TextSource spooled(Path file) throws IOException {
        if (!once) {
            return this;
        }
        try (InputStream in = parts.get(0).bytes().open()) {
            try (FileOperations.NewFile copy = Disk.operations().create(file)) {
                in.transferTo(copy);
            }
            return new TextSource(name, List.of(new Part(name, () -> OrdinaryFile.open(file))), false, "");
        }
    }
}
