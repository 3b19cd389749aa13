package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replaces a file as a whole: write a temporary file in the same folder, make it durable, rename it over the old one,
 * make the rename durable. A crash at any instant leaves the old file or the new one, never a mixture.
 *
 * <p>Everything that touches the disk is one of {@link FileOperations}.
 */
public final class AtomicFile {

    /** Produces the new content. */
    public interface Content {
        /** Writes all of it; closing the stream is not its business. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** Replaces a file, or makes it. */
    public static void replace(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        checkReplaceable(target);
        Path temporary = temporaryFor(target);
        try {
            writeDurably(temporary, content);
            Disk.operations().rename(temporary, target);
        } catch (Throwable failure) { // an OutOfMemoryError must not leave the temporary file behind either
            deleteAfter(failure, temporary);
            throw failure;
        }
        syncFolder(target.getParent());
    }

    /**
     * Gives a finished file its name, in place of what has that name; deletes it if that fails.
     *
     * @param finished in the folder of {@code file}; its content is durable already
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

    /** A rename would put a file in the place of {@code /dev/null} too, if the user is allowed to. */
    private static void checkReplaceable(Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException("cannot write to " + target + ": it is a folder or a device; name an ordinary file");
        }
    }

    /** {@code .NAME.tmp-PID}: hidden, recognisable as left over after a crash, and two processes do not collide. */
    private static Path temporaryFor(Path target) {
        Path name = target.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("cannot write to " + target + ": it has no file name; name a file");
        }
        // concat, not +: the first + of a JVM costs about 10 ms, more than all the file operations below
        String pid = Long.toString(ProcessHandle.current().pid());
        return target.resolveSibling(".".concat(name.toString()).concat(".tmp-").concat(pid));
    }

    /** The failure matters more than the clean-up, so that a second one is only attached to it. */
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

    /** Makes what was renamed and deleted in a folder durable, where the platform can open a folder. */
    public static void syncFolder(Path folder) throws IOException {
        Disk.operations().syncFolder(folder);
    }
}
