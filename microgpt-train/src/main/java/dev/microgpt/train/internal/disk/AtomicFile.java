package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Replaces a file as a whole: write a temporary file in the same folder, make it durable, rename it over the old one,
 * make the rename durable. A crash at any instant leaves the old file or the new one, never a mixture.
 *
 * <p>Everything that touches the disk is one of {@link FileOperations}.
 */
public final class AtomicFile {
    /** The temporary files of all threads, each of which must have one writer. */
    private static final Set<Path> BEING_WRITTEN = ConcurrentHashMap.newKeySet();

    /** Produces the new content of a file. */
    public interface Content {
        /** Writes all of it; the caller closes the stream. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Replaces or creates a file, which every failure to do so names.
     *
     * @throws IllegalStateException if another thread is doing so
     */
    public static void replace(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        checkReplaceable(target);
        Path temporary = temporaryFor(target);
        if (!BEING_WRITTEN.add(temporary.normalize())) {
            throw new IllegalStateException("cannot write to " + target + ": another thread is writing this file; only"
                    + " one thread may write a file at a time");
        }
        try {
            replace(target, temporary, content);
        } catch (FileSystemException failure) {
            throw temporary.toString().equals(failure.getFile()) ? SystemReason.about(target, failure) : failure;
        } finally {
            BEING_WRITTEN.remove(temporary.normalize());
        }
        syncFolder(target.getParent());
    }

    /** Replaces or creates a file whose content takes long: the end of the JVM leaves no temporary file either. */
    public static void replaceInLongWork(Path file, Content content) throws IOException {
        temporaryFor(file.toAbsolutePath()).toFile().deleteOnExit();
        replace(file, content);
    }

    private static void replace(Path target, Path temporary, Content content) throws IOException {
        try {
            writeDurably(temporary, content);
            Disk.operations().rename(temporary, target);
        } catch (Throwable failure) { // an OutOfMemoryError must not leave the temporary file behind either
            deleteAfter(failure, temporary);
            throw failure;
        }
    }

    /**
     * Renames a finished file to its final name, replacing an existing file; deletes it if that fails.
     *
     * @param finished a file in the same folder, whose content is already durable
     */
    public static void move(Path finished, Path file) throws IOException {
        Path target = file.toAbsolutePath();
        try {
            checkReplaceable(target);
            Disk.operations().rename(finished, target);
        } catch (IOException | RuntimeException failure) {
            deleteAfter(failure, finished);
            throw failure;
        }
        syncFolder(target.getParent());
    }

    /** Without this check a rename would replace even {@code /dev/null}, if permissions allow. */
    private static void checkReplaceable(Path target) throws IOException {
        if (FileKind.isOther(target)) {
            throw new UnusableFileException(
                    target, "must be an ordinary file if it exists, but is " + FileKind.of(target));
        }
    }

    /**
     * {@code .NAME.tmp-PID} in the same folder: hidden, unique to the process, and recognizable as a leftover of a
     * crash.
     */
    public static Path temporaryFor(Path target) {
        Path name = target.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("cannot write to " + target + ": it has no file name; name a file");
        }
        // concat, not +: the first + in a JVM costs about 10 ms, more than all the file operations together
        String pid = Long.toString(ProcessHandle.current().pid());
        return target.resolveSibling(".".concat(name.toString()).concat(".tmp-").concat(pid));
    }

    /** Deletes what a failed write left behind; the failure matters more, so a second one is only attached to it. */
    private static void deleteAfter(Throwable failure, Path temporary) {
        try {
            Disk.operations().delete(temporary);
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private static void writeDurably(Path temporary, Content content) throws IOException {
        try (FileOperations.NewFile out = Disk.operations().create(temporary)) {
            content.writeTo(out);
            out.sync();
        }
    }

    /** Makes renames and deletions in a folder durable, if the platform can open folders. */
    public static void syncFolder(Path folder) throws IOException {
        Disk.operations().syncFolder(folder);
    }
}
