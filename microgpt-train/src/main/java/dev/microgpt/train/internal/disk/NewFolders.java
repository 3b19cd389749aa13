package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folders that are created for a result, and deleted again if the result does not come. */
public final class NewFolders {
    /** The deepest first. */
    private final List<Path> created = new ArrayList<>();

    private NewFolders() {}

    /** Computes a result in a folder. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Creates a folder and those above it, as far as they are missing.
     *
     * @param folder the path; null, the parent of a root, creates nothing
     */
    public static NewFolders create(@Nullable Path folder) throws IOException {
        NewFolders folders = new NewFolders();
        if (folder == null) {
            return folders;
        }
        Path missing = folder.toAbsolutePath();
        while (missing != null && !Files.exists(missing, LinkOption.NOFOLLOW_LINKS)) {
            folders.created.add(missing);
            missing = missing.getParent();
        }
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder before JDK 20
            try {
                Files.createDirectories(folder);
            } catch (IOException failure) {
                folders.deleteEmpty();
                throw failure;
            }
        }
        return folders;
    }

    /** Works in a folder, created if missing; if that fails, created folders that are still empty go. */
    public static <T> T with(@Nullable Path folder, Work<T> work) throws IOException {
        NewFolders folders = create(folder);
        try {
            return work.run();
        } catch (Throwable failure) { // an OutOfMemoryError must not leave a folder behind either
            folders.deleteEmpty();
            throw failure;
        }
    }

    /** Deletes the created folders unless something is in them; whatever prevents that is no reason to fail. */
    public void deleteEmpty() {
        for (Path folder : created) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException inUse) {
                return;
            }
        }
    }
}
