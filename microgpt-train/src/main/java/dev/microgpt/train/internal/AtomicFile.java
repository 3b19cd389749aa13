package dev.microgpt.train.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file as a whole: write a temporary file in the same folder, make it durable, rename it over the old one,
 * make the rename durable. A crash at any instant leaves the old file or the new one, never a mixture.
 *
 * <p>Everything that touches the disk is one of the small methods at the end.
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
            rename(temporary, target);
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
            rename(finished, target);
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
            delete(temporary);
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private static void writeDurably(Path temporary, Content content) throws IOException {
        // not a FileChannel, which an interrupt of the thread closes in the middle of a write; and not
        // Files.createTempFile, whose files only the owner can read
        try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
            content.writeTo(out);
            // never repeated after a failure: the system may have dropped the pages and would then report success
            out.getFD().sync();
        }
    }

    private static void rename(Path temporary, Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path temporary) throws IOException {
        Files.deleteIfExists(temporary);
    }

    /** Makes the rename durable, where the platform can open a folder (Windows cannot). */
    public static void syncFolder(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (!syncFolderUnlessInterrupted(folder)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean syncFolderUnlessInterrupted(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException unsupported) {
            return true;
        }
        try (channel) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException interrupt) {
            return false;
        }
    }
}
