package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * What the replacing of files and the deleting of old ones does to a disk.
 *
 * <p>A crash of the machine may lose, tear or garble what was written to a file before {@link NewFile#sync} returned, and
 * may lose any creation, rename or deletion before {@link #syncFolder} returned, the later ones and not the earlier, too.
 */
public interface FileOperations {
    /** A file that is being written, which begins empty. */
    abstract class NewFile extends OutputStream {
        /**
         * Makes what was written durable. Never to be repeated after a failure: the system may have dropped the pages and
         * would then report success.
         */
        public abstract void sync() throws IOException;
    }

    /** Makes an ordinary file; if the name is taken, by a link to elsewhere perhaps, that is removed, not followed. */
    NewFile create(Path file) throws IOException;

    /** Gives a file another name in its folder at once, in place of what has that name. */
    void rename(Path file, Path target) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;

    /** Makes what was created, renamed and deleted in a folder durable, where the platform can open a folder. */
    void syncFolder(Path folder) throws IOException;
}
