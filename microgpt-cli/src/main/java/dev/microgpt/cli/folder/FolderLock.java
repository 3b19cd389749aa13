package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Prevents two training runs from using the same folder.
 *
 * <p>The lock is an operating-system lock on the file {@code .lock}, so it ends with the process in any case. The empty
 * file stays: if it were deleted, a process that had opened it before and one that creates it again could both hold a
 * lock. While the lock is held, the file names its holder, see {@link #sign}: process id, host and start in
 * milliseconds.
 */
public final class FolderLock implements Closeable {
    private static final String NAME = ".lock";
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    // far beyond the content: some systems do not let others read a locked byte
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int LONGEST_CONTENT = 512;
    private static final double MILLIS_PER_SECOND = 1000;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, or refuses a folder that another process has locked. If the file system does not support locks,
     * the run continues without one after a warning.
     */
    static FolderLock of(Path folder, Terminal terminal) throws IOException {
        Path file = folder.resolve(NAME);
        if (Files.isSymbolicLink(file)) {
            throw new CliException(
                    ExitCode.IO,
                    "--out " + folder + ": " + NAME + " in it is a link, but must be an ordinary file if it exists",
                    "remove the link, or choose another --out");
        }
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS); // the file will be emptied
        if (!locks(channel, terminal)) {
            try (channel) {
                throw inUse(folder, content(channel));
            }
        }
        return new FolderLock(channel);
    }

    /**
     * Writes the holder of the lock into the file. Takes as long as locking; any thread may do it during training.
     */
    void sign() throws IOException {
        String holder = ProcessHandle.current().pid() + " " + hostName() + " " + System.currentTimeMillis() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static boolean locks(FileChannel channel, Terminal terminal) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        } catch (IOException unsupported) {
            terminal.complain("microgpt: warning: the folder cannot be locked against other training runs: "
                    + unsupported.getMessage());
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

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }
}
