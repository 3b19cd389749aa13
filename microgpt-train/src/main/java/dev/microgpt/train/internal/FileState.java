package dev.microgpt.train.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
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

    /** Tells whether a file that was opened then was written to since; what took its name does not matter. */
    public boolean isWrittenTo(Path file) throws IOException {
        try {
            FileState now = of(file);
            return Objects.equals(key, now.key) && !equals(now);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
