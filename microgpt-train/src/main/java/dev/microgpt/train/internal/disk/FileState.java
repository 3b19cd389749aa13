package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Identity, size and modification time of a file, to detect that it was modified or replaced.
 *
 * @param key      identifies the file (on Unix, device and inode); null if the platform has no such key
 * @param size     in bytes
 * @param modified the time of the last modification
 */
public record FileState(@Nullable Object key, long size, FileTime modified) {
    /** Reads the current state of a file. */
    public static FileState of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileState(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    /**
     * Returns the state to compare a file with that was opened after this state was read: this state, if it is still
     * current. Otherwise another file may have been renamed into place before the file was opened; then the open file
     * cannot be identified, and the returned state has no key.
     */
    public FileState opened(Path file) throws IOException {
        try {
            return equals(of(file)) ? this : new FileState(null, size, modified);
        } catch (NoSuchFileException gone) {
            return new FileState(null, size, modified);
        }
    }

    /** Returns whether the file opened in this state was modified since; a file that replaced it does not count. */
    public boolean isWrittenTo(Path file) throws IOException {
        try {
            FileState now = of(file);
            return key != null && key.equals(now.key) && !equals(now);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
