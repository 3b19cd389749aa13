package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.FileState;
import dev.microgpt.train.internal.disk.NewFolders;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prevents two training runs from using the same folder.
 *
 * <p>The lock is an operating-system lock on the file {@code .lock}, so it ends with the process in any case. The empty
 * file stays, unless the run was refused or left nothing else: then it is deleted, and so is a folder that was created
 * for the run. A process that had opened the file before it was deleted could hold a lock at the same time as one that
 * creates it again, so a lock counts only if the file still has its name. While the lock is held, the file names its
 * holder, see {@link #sign}: process id, host and start in milliseconds.
 */
public final class FolderLock implements Closeable {
    private static final String NAME = ".lock";
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    // far beyond the content: some systems do not let others read a locked byte
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int LONGEST_CONTENT = 512;
    private static final double MILLIS_PER_SECOND = 1000;

    private final Path file;
    private final FileChannel channel;
    private final boolean isNew;
    private final NewFolders folders;
    private volatile boolean isSigned;

    private FolderLock(Path file, FileChannel channel, boolean isNew, NewFolders folders) {
        this.file = file;
        this.channel = channel;
        this.isNew = isNew;
        this.folders = folders;
    }

    /**
     * Creates the folder if it is missing and takes the lock, or refuses a folder that another process has locked. If
     * the file system does not support locks, the run continues without one after a warning.
     */
    public static FolderLock of(Path folder, Terminal terminal) throws IOException {
        NewFolders folders = NewFolders.create(folder);
        try {
            FolderLock lock = null;
            while (lock == null) {
                lock = take(folder, folders, terminal);
            }
            return lock;
        } catch (IOException | RuntimeException failure) {
            folders.deleteEmpty();
            throw failure;
        }
    }

    /** Returns null if the former holder has deleted the file meanwhile. */
    private static @Nullable FolderLock take(Path folder, NewFolders folders, Terminal terminal) throws IOException {
        Path file = folder.resolve(NAME);
        checkOrdinary(folder, file);
        boolean isNew = create(file);
        Object key = key(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS); // the file will be emptied
        } catch (NoSuchFileException deleted) {
            return null;
        }
        if (!locks(file, channel, terminal)) {
            try (channel) {
                throw inUse(folder, content(channel));
            }
        }
        if (Objects.equals(key, key(file))) {
            return new FolderLock(file, channel, isNew, folders);
        }
        channel.close();
        return null;
    }

    private static void checkOrdinary(Path folder, Path file) {
        boolean isLink = Files.isSymbolicLink(file);
        if (isLink || FileKind.isOther(file)) {
            String kind = isLink ? "a link" : FileKind.of(file);
            throw new CliException(
                    ExitCode.IO,
                    "--out " + folder + ": " + NAME + " in it is " + kind
                            + ", but must be an ordinary file if it exists",
                    "remove it, or choose another --out");
        }
    }

    private static boolean create(Path file) throws IOException {
        try {
            Files.createFile(file);
            return true;
        } catch (FileAlreadyExistsException expected) {
            return false;
        }
    }

    /** Returns what identifies a file, a new object if it does not exist, or null if the system has no such key. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            return FileState.of(file).key();
        } catch (NoSuchFileException deleted) {
            return new Object();
        }
    }

    /**
     * Writes the holder of the lock into the file, when the run begins. Takes as long as locking; any thread may do it
     * during training.
     */
    public void sign() throws IOException {
        isSigned = true;
        try {
            write(holder());
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        }
    }

    private static String holder() {
        return ProcessHandle.current().pid() + " " + hostName() + " " + System.currentTimeMillis() + "\n";
    }

    private void write(String holder) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static boolean locks(Path file, FileChannel channel, Terminal terminal) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        } catch (IOException unsupported) {
            terminal.complain("microgpt: warning: the folder cannot be locked against other training runs: "
                    + SystemReason.of(unsupported, file));
            return true;
        }
    }

    private static String content(FileChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_CONTENT);
        try {
            channel.read(bytes, 0);
        } catch (IOException unreadable) {
            // the lock is held all the same
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static CliException inUse(Path folder, String holder) {
        return new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + folder + " is in use by another training run, " + describe(holder),
                "wait until it ends, or choose another --out");
    }

    /** Describes the holder of the lock from the content of the file. */
    static String describe(String holder) {
        String[] words = holder.strip().split(" ");
        if (words.length != 3) {
            return "a process that has not written its id"; // it is about to, or is ending
        }
        return "process " + Format.visible(words[0]) + " on " + Format.visible(words[1]) + age(words[2]);
    }

    private static String age(String since) {
        try {
            double seconds = (System.currentTimeMillis() - Long.parseLong(since)) / MILLIS_PER_SECOND;
            return " for " + Format.duration(Math.max(0, seconds));
        } catch (NumberFormatException unknown) {
            return "";
        }
    }

    /** Returns the name of this host; unlike {@link java.net.InetAddress}, without asking the network. */
    private static String hostName() {
        @Nullable String name = System.getenv("COMPUTERNAME"); // on Windows
        if (name == null && Files.exists(LINUX_HOST_NAME)) {
            try {
                name = Files.readString(LINUX_HOST_NAME);
            } catch (IOException hidden) {
                // the name is only for a message
            }
        }
        return name == null || name.isBlank() ? "this-host" : name.strip().replace(' ', '-');
    }

    /** Releases the lock; the file goes with a run that was refused, or that left nothing else in the folder. */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
            if (isNew && (!isSigned || isAlone())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        } finally {
            folders.deleteEmpty();
        }
    }

    private boolean isAlone() {
        String[] names = file.toAbsolutePath().getParent().toFile().list();
        return names == null || names.length == 1;
    }
}
