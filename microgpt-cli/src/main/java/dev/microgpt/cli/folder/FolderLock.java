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
 * Keeps two trainings out of one folder.
 *
 * <p>It is a lock of the operating system on the file {@code .lock}, and ends with the process, whatever ends that. The
 * file stays, empty: if it were deleted, a process that opened it before and one that makes it anew could both have
 * their lock. Meanwhile it says who has the lock, see {@link #sign}: process, host, and since when in milliseconds.
 */
public final class FolderLock implements Closeable {
    private static final String NAME = ".lock";
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    // far behind the content, which some systems would not let others read otherwise
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int LONGEST_CONTENT = 512;
    private static final double MILLIS_PER_SECOND = 1000;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, or refuses a folder whose lock another process has. Where the file system knows no locks, it goes on
     * without, and says so.
     */
    static FolderLock of(Path folder, Terminal terminal) throws IOException {
        Path file = folder.resolve(NAME);
        if (Files.isSymbolicLink(file)) {
            throw new CliException(
                    ExitCode.IO,
                    "--out " + folder + ": found a link by the name of " + NAME + ", expected none or a file",
                    "remove the link, or choose another --out");
        }
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS); // it will be emptied
        if (!locks(channel, terminal)) {
            try (channel) {
                throw inUse(folder, content(channel));
            }
        }
        return new FolderLock(channel);
    }

    /**
     * Writes into the file who has the lock. It takes as long as the lock, and can be done beside the training, by any
     * thread.
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
            terminal.complain("microgpt: warning: nothing keeps another training out of this folder: "
                    + unsupported.getMessage());
            return true;
        }
    }

    private static String content(FileChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_CONTENT);
        try {
            channel.read(bytes, 0);
        } catch (IOException unreadable) {
            // it has the lock all the same
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static CliException inUse(Path folder, String holder) {
        return new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + folder + ": found another training at work in it, " + describe(holder) + ", expected none",
                "wait for its end, or choose another --out");
    }

    /** Says who has the lock, as far as the content of the file tells. */
    static String describe(String holder) {
        String[] words = holder.strip().split(" ");
        if (words.length != 3) {
            return "which does not say who it is"; // it is about to write it, or writes no more
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

    /** Not that of {@link java.net.InetAddress}, which may ask the network. */
    private static String hostName() {
        @Nullable String name = System.getenv("COMPUTERNAME"); // of Windows
        if (name == null && Files.exists(LINUX_HOST_NAME)) {
            try {
                name = Files.readString(LINUX_HOST_NAME);
            } catch (IOException hidden) {
                // it is for a message only
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
