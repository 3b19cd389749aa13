package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates or replaces a folder of files as a whole: everything is written into a hidden folder next to it, which is
 * renamed once it is complete. A crash between the two renames of a replacement leaves the old folder as {@code
 * .NAME.old-PID}.
 */
final class ExportFolder {
    /** Writes the files of the folder. */
    interface Content {
        void writeInto(Path folder) throws IOException;
    }

    private ExportFolder() {}

    /**
     * Writes a folder.
     *
     * @param overwrite whether the folder of a model may be replaced, if it contains no folders
     * @throws FileAlreadyExistsException if there is something that must not be replaced; nothing was written
     * @throws NotDirectoryException      if the folder or a parent of it is a file; nothing was written
     */
    static void write(Path folder, boolean overwrite, Content content) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        boolean replaces = checkReplaceable(target, overwrite);
        Path parent = target.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is the root of the file system");
        }
        createFolders(parent);
        Path temporary = AtomicFile.temporaryFor(target);
        Path old = target.resolveSibling(
                "." + target.getFileName() + ".old-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(temporary);
            content.writeInto(temporary);
            if (replaces) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable failure) {
            try {
                delete(temporary);
            } catch (IOException | RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
        AtomicFile.syncFolder(parent);
        delete(old);
    }

    private static void createFolders(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException file) {
            throw (IOException) new NotDirectoryException(file.getFile()).initCause(file);
        }
    }

    /** Returns whether there is a folder with files, which may be replaced. */
    private static boolean checkReplaceable(Path folder, boolean overwrite) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isRegularFile(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is a link or a device");
        }
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            return false;
        }
        if (!overwrite) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is not empty");
        }
        boolean hasConfig = false;
        for (Path file : files) {
            hasConfig |= file.endsWith(Gpt2Config.FILE);
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(
                        folder.toString(), null, "contains folders, which are never deleted");
            }
        }
        if (!hasConfig) {
            throw new FileAlreadyExistsException(
                    folder.toString(), null, "contains files but no model, and such files are never deleted");
        }
        return true;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : files(folder)) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }
}
