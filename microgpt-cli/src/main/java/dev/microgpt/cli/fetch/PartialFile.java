package dev.microgpt.cli.fetch;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.SystemReason;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a file that is being downloaded, {@code .NAME.part} next to it; locked by the one process that
 * writes.
 */
public final class PartialFile implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final RandomAccessFile file;

    private PartialFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Returns the path of the partial file for a file. */
    static Path pathFor(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".part");
    }

    /**
     * Opens an existing partial file or creates an empty one.
     *
     * @throws CliException if another process has it open
     */
    public static PartialFile open(Path path) throws IOException {
        try {
            Files.createFile(path); // its exception is more exact than that of RandomAccessFile
        } catch (FileAlreadyExistsException expected) {
            checkOrdinary(path); // the download continues
        } catch (NoSuchFileException missing) {
            throw new NoSuchFileException(String.valueOf(path.toAbsolutePath().getParent()));
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        // another process may have ended in between, after renaming the file that was just opened
        if (lock(file) == null || !Files.exists(path)) {
            file.close();
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    path + " is in use: another process is downloading this file",
                    "wait until it ends, or choose another --out");
        }
        return new PartialFile(path, file);
    }

    /** A pipe may wait forever. */
    private static void checkOrdinary(Path path) throws IOException {
        String kind = FileKind.of(path);
        if (!kind.equals("a file") && !kind.equals("a device")) {
            throw new UnusableFileException(path, "must be an ordinary file if it exists, but is " + kind);
        }
        Files.newOutputStream(path, StandardOpenOption.WRITE).close();
    }

    private static @Nullable FileLock lock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    /** Returns the length in bytes. */
    public long length() throws IOException {
        return file.length();
    }

    /** Truncates the file to length 0. */
    void clear() throws IOException {
        file.setLength(0);
    }

    /** Appends bytes. */
    public void append(byte[] bytes, int count) throws IOException {
        try {
            file.seek(file.length());
            file.write(bytes, 0, count);
        } catch (IOException full) { // its message does not name the file
            throw SystemReason.named(path, full);
        }
    }

    /** Makes the content durable. */
    void sync() throws IOException {
        try {
            file.getFD().sync();
        } catch (IOException failure) {
            throw SystemReason.named(path, failure);
        }
    }

    /** Returns the SHA-256 of the content, 64 lower-case hexadecimal digits. */
    String sha256() throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        file.seek(0);
        for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Closes the file and releases the lock. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
