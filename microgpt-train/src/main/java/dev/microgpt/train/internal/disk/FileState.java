package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a file was written to, or another took its name.
 *
 * @param key      which file it is, where the system says that
 * @param size     in bytes
 * @param modified when it was written to
 */
public record FileState(@Nullable Object key, long size, FileTime modified) {
    /** Asks the system. */
    public static FileState of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileState(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    /**
     * Returns what is known of a file that was opened since: this, if it is so still. If not, another file may have taken
     * the name before it was opened, and the open one cannot be told from those that have the name later.
     */
    public FileState opened(Path file) throws IOException {
        try {
            return equals(of(file)) ? this : new FileState(null, size, modified);
        } catch (NoSuchFileException gone) {
            return new FileState(null, size, modified);
        }
    }

    /** Tells whether a file that was opened then was written to since; what took its name does not matter. */
    public boolean isWrittenTo(Path file) throws IOException {
        try {
            FileState now = of(file);
            return key != null && key.equals(now.key) && !equals(now);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
