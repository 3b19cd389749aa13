package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files to be read. */
public final class OrdinaryFile {
    private OrdinaryFile() {}

    /**
     * Opens a file. A folder can be opened on Linux too, but says at the first byte that it is one, and not which.
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
