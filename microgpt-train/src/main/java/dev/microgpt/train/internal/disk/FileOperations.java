package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * The disk operations that replace and delete files.
 *
 * <p>A crash of the machine may lose, tear or garble whatever was written to a file before {@link NewFile#sync}
 * returned. It may lose any creation, rename or deletion before {@link #syncFolder} returned, in any order.
 */
public interface FileOperations {
    /** A new file, initially empty. */
    abstract class NewFile extends OutputStream {
        /**
         * Makes the content durable. Must not be retried after a failure: the system may have dropped the dirty pages,
         * and a second call would then report success.
         *
         * @see <a href="https://wiki.postgresql.org/wiki/Fsync_Errors">PostgreSQL, fsync errors</a>
         */
        public abstract void sync() throws IOException;
    }

    /** Creates an ordinary file. An existing file or symbolic link of that name is removed, never followed. */
    NewFile create(Path file) throws IOException;

    /** Renames a file within its folder atomically, replacing an existing file. */
    void rename(Path file, Path target) throws IOException;

    /** Deletes a file if it exists. */
    void delete(Path file) throws IOException;

    /** Makes creations, renames and deletions in a folder durable, if the platform can open folders. */
    void syncFolder(Path folder) throws IOException;
}
