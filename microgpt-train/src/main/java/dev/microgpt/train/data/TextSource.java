package dev.microgpt.train.data;

import dev.microgpt.train.internal.TextInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where one long text comes from: a file, the files of a folder one after another, or a stream.
 *
 * <p>The text is UTF-8. A byte order mark at the start of a file is dropped, and lines end with LF in place of CRLF or CR;
 * everything else is kept.
 */
public final class TextSource {
    private static final int MAX_BYTES_IN_MEMORY = 1 << 30;
    private static final String EXTENSION = ".txt";

    private final String name;
    private final List<Part> parts;
    private final boolean once;

    private TextSource(String name, List<Part> parts, boolean once) {
        this.name = name;
        this.parts = parts;
        this.once = once;
    }

    /**
     * One file of the text.
     *
     * @param name what messages call it
     * @param bytes opens it
     */
    record Part(String name, Opener bytes) {}

    /** Opens a file, at its beginning. */
    interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * Names a file or a folder. Of a folder, the text is all files whose names end in {@code .txt} and do not begin with
     * a dot, sorted by name, with nothing between them; folders in it are left out.
     *
     * @param fileOrFolder the path
     * @return the source
     * @throws IOException if there is no such file or folder, if there is no such file in the folder, or if the folder
     *     cannot be listed
     */
    public static TextSource of(Path fileOrFolder) throws IOException {
        String name = fileOrFolder.toString();
        BasicFileAttributes attributes = Files.readAttributes(fileOrFolder, BasicFileAttributes.class);
        if (!attributes.isDirectory()) {
            return new TextSource(name, List.of(part(fileOrFolder)), !canBeReadTwice(fileOrFolder));
        }
        List<Part> parts = new ArrayList<>();
        for (Path file : textFiles(fileOrFolder)) {
            parts.add(part(file));
        }
        if (parts.isEmpty()) {
            throw noTextIn(fileOrFolder);
        }
        return new TextSource(name, parts, false);
    }

    /**
     * Takes a stream, such as standard input.
     *
     * @param in   the text; read to its end and closed when it is used, which can be once only
     * @param name what messages call it
     * @return the source
     */
    public static TextSource of(InputStream in, String name) {
        return new TextSource(name, List.of(new Part(name, () -> TextInput.of(in))), true);
    }

    private static Part part(Path file) {
        return new Part(file.toString(), () -> TextInput.open(file));
    }

    /** Behind a name in /dev may be a file that is open already, with one position for all its readers. */
    private static boolean canBeReadTwice(Path file) {
        return Files.isRegularFile(file) && !file.startsWith("/dev") && !file.startsWith("/proc");
    }

    /**
     * Lists the files of a folder that are taken for text: their names end in {@code .txt} and do not begin with a dot.
     *
     * @param folder the path
     * @return the files, sorted by name; possibly none
     * @throws IOException if the folder cannot be listed, or if a file so named is a device, a pipe or a socket
     */
    public static List<Path> textFiles(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String file = nameOf(entry);
                if (file.endsWith(EXTENSION) && !file.startsWith(".") && !Files.isDirectory(entry)) {
                    checkIsFile(entry);
                    files.add(entry);
                }
            }
        }
        files.sort(Comparator.comparing(TextSource::nameOf));
        return files;
    }

    /** What has no end, or waits for somebody to write, is only read if it is named itself. */
    private static void checkIsFile(Path entry) throws FileSystemException {
        if (Files.exists(entry) && !Files.isRegularFile(entry)) {
            String reason = "found a device, a pipe or a socket in a folder of texts, expected ordinary files; move it"
                    + " away, or name it itself";
            throw new FileSystemException(entry.toString(), null, reason);
        }
    }

    private static String nameOf(Path entry) {
        return String.valueOf(entry.getFileName());
    }

    /**
     * Makes the exception for a folder without a text.
     *
     * @param folder the path
     * @return says what was expected
     */
    public static FileSystemException noTextIn(Path folder) {
        String reason = "found no file NAME" + EXTENSION
                + " in this folder, expected at least one; name the file itself if it is called otherwise";
        return new FileSystemException(folder.toString(), null, reason);
    }

    /** What messages call it. */
    String name() {
        return name;
    }

    /** Begins to read. */
    TextReader open() {
        return new TextReader(parts, TextReader.BUFFER_BYTES);
    }

    /** Returns whether the text is in the files of a folder. */
    boolean isFolder() {
        return !parts.get(0).name().equals(name);
    }

    /** Returns the bytes of each file; {@code why} they are needed ends the message if they exceed 1 GiB. */
    List<byte[]> contents(String why) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        int left = MAX_BYTES_IN_MEMORY;
        for (Part part : parts) {
            try (InputStream in = part.bytes().open()) {
                byte[] content = atMost(left, in, why);
                contents.add(content);
                left -= content.length;
            }
        }
        return contents;
    }

    /** Reads to the end of the stream, but not far beyond the limit. */
    byte[] atMost(int limit, InputStream in, String why) throws IOException {
        byte[] content = in.readNBytes(limit + 1); // not by a size: a pipe has none
        if (content.length > limit) {
            throw new DataException(
                    "data " + name + ": found more than " + MAX_BYTES_IN_MEMORY + " bytes, expected fewer, for " + why);
        }
        return content;
    }

    /** Returns a source of the same files with these contents. */
    TextSource with(List<byte[]> contents) {
        List<Part> copies = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            byte[] content = contents.get(i);
            copies.add(new Part(parts.get(i).name(), () -> new ByteArrayInputStream(content)));
        }
        return new TextSource(name, copies, false);
    }

    /** Returns a source of the same text that can be read any number of times, if need be with a copy in memory. */
    TextSource inMemory() throws IOException {
        return once ? with(contents("they are kept in memory; prepare a corpus of token files from them")) : this;
    }

    /** The same with a copy in a file, which is made if need be, and is the caller's to delete. */
    TextSource spooled(Path file) throws IOException {
        if (!once) {
            return this;
        }
        try (InputStream in = parts.get(0).bytes().open()) {
            Files.copy(in, file);
            return new TextSource(name, List.of(new Part(name, () -> Files.newInputStream(file))), false);
        }
    }
}
