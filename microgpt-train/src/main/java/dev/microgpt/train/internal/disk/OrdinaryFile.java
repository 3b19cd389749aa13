package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files for reading. */
public final class OrdinaryFile {
    private OrdinaryFile() {}

    /**
     * Opens a file, or fails with a message that names it. Linux opens folders too: only the first read fails then, and
     * its message does not name the folder.
     *
     * @throws FileSystemException if it is a folder
     * @throws IOException         if it cannot be opened
     */
    public static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "found a folder, expected a file");
        }
        return Files.newInputStream(file);
    }
}
