package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names what a path leads to. */
public final class FileKind {
    // the type in a Unix file mode, see inode(7)
    private static final int TYPE = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTERS = 0020000;
    private static final int BLOCKS = 0060000;

    private FileKind() {}

    /** Returns the kind of an existing file in words: a file, a folder, a pipe, a socket or a device. */
    public static String of(Path path) {
        if (Files.isDirectory(path)) {
            return "a folder";
        }
        if (Files.isRegularFile(path)) {
            return "a file";
        }
        return switch (type(path)) {
            case PIPE -> "a pipe";
            case SOCKET -> "a socket";
            case CHARACTERS, BLOCKS -> "a device";
            default -> "a pipe, a socket or a device";
        };
    }

    static boolean isPipe(Path path) {
        return type(path) == PIPE;
    }

    /** Returns whether a path, which may not exist, leads to anything but a regular file. */
    public static boolean isOther(Path path) {
        return !Files.isRegularFile(path) && Files.exists(path);
    }

    /**
     * Returns whether a path is a name for a stream that is already open, such as {@code /dev/stdin} or, from
     * {@code <(command)} of a shell, {@code /dev/fd/63}.
     */
    public static boolean isStreamOfTheSystem(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith("/dev/fd")
                || absolute.startsWith("/proc")
                || absolute.toString().startsWith("/dev/std");
    }

    private static int type(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") & TYPE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return 0;
        }
    }
}
