package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.DataException;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.TextSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the documents that {@code --data} names. */
public final class DocumentFiles {
    private static final String EXTENSION = ".txt";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    // the same limit as for a single file
    private static final int MAX_BYTES = 1 << 30;

    private DocumentFiles() {}

    /**
     * Reads a file, the {@code *.txt} files of a folder in the order of their names, or standard input.
     *
     * @param data null for the bundled names
     */
    public static Documents read(@Nullable Path data) throws IOException {
        if (data == null) {
            return BundledNames.read();
        }
        if (StandardInput.isNamedBy(data)) {
            return Documents.read(StandardInput.open(), StandardInput.NAME);
        }
        return Files.isDirectory(data) ? readFolder(data) : Documents.read(data);
    }

    private static Documents readFolder(Path folder) throws IOException {
        List<Path> files = TextSource.textFiles(folder);
        if (files.isEmpty() && Files.exists(folder.resolve("train.bin"))) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--data " + folder + " is a folder written by data prepare, which holds one text, not documents",
                    "add --format text");
        }
        if (files.isEmpty()) {
            throw TextSource.noTextIn(folder);
        }
        byte[] content = joined(files, folder.toString());
        try {
            return Documents.of(content, folder.toString());
        } catch (DataException broken) {
            checkEach(files);
            throw broken;
        }
    }

    private static byte[] joined(List<Path> files, String folder) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Path file : files) {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = atMost(MAX_BYTES - content.size(), in, folder);
            }
            int start = startsWithByteOrderMark(bytes) ? BYTE_ORDER_MARK.length : 0;
            content.write(bytes, start, bytes.length - start);
            if (bytes.length > start && bytes[bytes.length - 1] != '\n') {
                content.write('\n'); // a last line without a line feed must not continue in the next file
            }
        }
        return content.toByteArray();
    }

    /** Reads to the end, and refuses more than this number of bytes. */
    static byte[] atMost(int bytes, InputStream in, String name) throws IOException {
        byte[] content = in.readNBytes(bytes + 1);
        if (content.length > bytes) {
            throw new DataException(
                    "data " + name + " is larger than " + MAX_BYTES + " bytes; documents must fit in memory together");
        }
        return content;
    }

    /** Reads the files one by one, so that the error names the file that is not UTF-8, and the line. */
    private static void checkEach(List<Path> files) throws IOException {
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] withDocument = Arrays.copyOf(bytes, bytes.length + 2); // a blank file is not an error
            withDocument[bytes.length] = '\n';
            withDocument[bytes.length + 1] = 'x';
            Documents.of(withDocument, file.toString());
        }
    }

    private static boolean startsWithByteOrderMark(byte[] content) {
        int length = BYTE_ORDER_MARK.length;
        return content.length >= length && Arrays.equals(content, 0, length, BYTE_ORDER_MARK, 0, length);
    }
}
