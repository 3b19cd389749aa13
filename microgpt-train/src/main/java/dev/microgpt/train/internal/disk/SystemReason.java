package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Explains in English why an operation on a file failed.
 *
 * <p>The system describes an error in the language of the user, so its text says nothing to this program: the type of
 * the exception and the file itself do, or the text that the system has for the same error if it is provoked here. If
 * none of them does, the text is only quoted.
 */
public final class SystemReason {
    /** The reason of a file that does not exist. */
    public static final String MISSING = "no such file or folder";

    /** The longest name of a file, in bytes, on all common file systems. */
    private static final int LONGEST_NAME = 255;

    private static final Path ANY_FILE = Path.of(System.getProperty("java.home"), "release");

    private SystemReason() {}

    /** Returns the failure of an operation on a file, which names it even if the system does not. */
    public static FileSystemException named(Path file, IOException failure) {
        if (failure instanceof FileSystemException already && already.getFile() != null) {
            return already;
        }
        return about(file, failure);
    }

    /** Returns the same failure as one of another file: the one that the user knows, not a temporary one. */
    public static FileSystemException about(Path file, IOException failure) {
        String text = text(failure);
        FileSystemException named =
                new FileSystemException(file.toString(), null, text.isEmpty() ? withRepair(failure, file) : text);
        named.initCause(failure);
        return named;
    }

    private static String withRepair(IOException failure, Path file) {
        String reason = of(failure, file);
        Path folder = file.toAbsolutePath().getParent();
        boolean isWithoutFolder = reason.equals(MISSING) && folder != null && !Files.exists(folder);
        return isWithoutFolder ? reason + "; create the folder " + folder + " first" : reason;
    }

    /** Returns a message: the subject and why it failed. */
    public static String after(String subject, String reason) {
        boolean continues = reason.startsWith("must ") || reason.startsWith("is ") || reason.startsWith("cannot ");
        return subject + (continues ? " " : ": ") + reason;
    }

    /**
     * Returns the reason of a failure.
     *
     * @param file what it is about
     * @return what {@link #after} takes
     */
    public static String of(IOException failure, Path file) {
        IOException first = first(failure);
        if (first instanceof FileSystemException own && isOurs(own)) {
            return String.valueOf(own.getReason());
        }
        Path path = file.toAbsolutePath();
        String reason = ofType(first, path);
        if (reason == null) {
            reason = KnownError.named(text(first));
        }
        if (reason == null) {
            reason = ofPath(first, path);
        }
        if (reason == null) {
            reason = ofDisk(path);
        }
        return reason == null ? quoted(first) : reason;
    }

    /** Returns the reason of a failure of a stream, such as standard output, which has no path. */
    public static String ofStream(IOException failure) {
        IOException first = first(failure);
        String known = KnownError.named(text(first));
        return known == null ? quoted(first) : known;
    }

    private static String quoted(IOException failure) {
        String text = text(failure);
        return text.isEmpty() ? "cannot be used" : "the system reports \"" + text + "\"";
    }

    /** Returns the failure that was named; one of another type was not. */
    private static IOException first(IOException failure) {
        IOException first = failure;
        while (first.getClass() == FileSystemException.class && first.getCause() instanceof IOException cause) {
            first = cause;
        }
        return first;
    }

    /** The system gives no reason together with the other two types. */
    private static boolean isOurs(FileSystemException failure) {
        boolean hasTypeOnly = failure instanceof FileAlreadyExistsException || failure instanceof NoSuchFileException;
        return failure instanceof UnusableFileException || hasTypeOnly && failure.getReason() != null;
    }

    /** Returns the system's text, possibly none. */
    private static String text(IOException failure) {
        String text = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return text == null ? "" : text;
    }

    private static @Nullable String ofType(IOException failure, Path path) {
        if (isBelowFile(path)) { // of which some JDKs only say that it does not exist
            return "a part of its path must be a folder, but is a file";
        }
        if (failure instanceof NoSuchFileException) {
            return MISSING;
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NotDirectoryException) {
            return "is not a folder";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "must be a folder, but is " + FileKind.of(path);
        }
        return failure instanceof DirectoryNotEmptyException ? "the folder is not empty" : null;
    }

    private static boolean isBelowFile(Path path) {
        Path parent = path.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && !Files.isDirectory(parent);
    }

    private static @Nullable String ofPath(IOException failure, Path path) {
        for (Path part = path; part != null && part.getFileName() != null; part = part.getParent()) {
            if (Files.isSymbolicLink(part) && !Files.exists(part)) {
                return part.equals(path)
                        ? "must be a file, but is a symbolic link to itself"
                        : "a part of its path is a symbolic link to itself, but must be a folder";
            }
            int length = part.getFileName().toString().getBytes(StandardCharsets.UTF_8).length;
            if (length > LONGEST_NAME) {
                return "a name in its path has " + length + " bytes, but must have at most " + LONGEST_NAME;
            }
        }
        boolean isOpening = failure instanceof FileSystemException; // not, for example, the sync of a folder
        return isOpening && Files.isDirectory(path) ? "must be a file, but is a folder" : null;
    }

    private static @Nullable String ofDisk(Path path) {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            if (Files.getFileStore(existing).isReadOnly()) {
                return "the file system is read-only";
            }
            if (Files.getFileStore(existing).getUsableSpace() == 0) {
                return KnownError.DISK_FULL.words();
            }
            Files.newInputStream(ANY_FILE).close();
            return null;
        } catch (IOException none) {
            return Files.exists(ANY_FILE) ? "this process has too many files open" : null;
        }
    }
}
