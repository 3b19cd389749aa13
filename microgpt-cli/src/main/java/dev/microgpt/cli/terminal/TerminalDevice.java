package dev.microgpt.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the device file of the terminal to which standard output or standard error leads.
 *
 * <p>{@link System#console()} does not help: it looks at standard input and output, and always exists from Java 22 on.
 */
public final class TerminalDevice {
    /** The system property with the terminal of the first JVM, for a second one. */
    public static final String PROPERTY = "microgpt.first.terminal";

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private TerminalDevice() {}

    /**
     * Returns the terminal of standard error.
     *
     * @return null if standard error is or may be something else, or if the terminal cannot be opened
     */
    public static @Nullable Path find() {
        if (File.separatorChar == '\\') {
            return null; // Windows has no such files
        }
        String ofTheFirst = System.getProperty(PROPERTY);
        if (ofTheFirst != null) {
            return Path.of(ofTheFirst);
        }
        String name = Files.isSymbolicLink(STANDARD_ERROR)
                ? linked(STANDARD_ERROR)
                : ProgramOutput.firstLine(
                        new ProcessBuilder("sh", "-c", "tty <&2 2>/dev/null").redirectError(Redirect.INHERIT));
        return name != null && name.startsWith("/") && Files.isWritable(Path.of(name)) ? Path.of(name) : null;
    }

    /** Returns whether standard output, which a second JVM shares with the first, leads to a terminal. */
    static boolean isStandardOutput() {
        if (File.separatorChar == '\\') {
            return false;
        }
        return Files.isSymbolicLink(STANDARD_OUTPUT)
                ? linked(STANDARD_OUTPUT) != null
                : ProgramOutput.firstLine(new ProcessBuilder("sh", "-c", "test -t 2 && echo yes")
                                .redirectError(Redirect.appendTo(new File("/dev/stdout"))))
                        != null;
    }

    /** Reads the link that Linux keeps for each open file of a process. */
    private static @Nullable String linked(Path link) {
        try {
            Path file = Files.readSymbolicLink(link);
            // in a container, the name may be from the host, and belong to another terminal here
            return isTerminal(file.toString()) && Files.isSameFile(file, link) ? file.toString() : null;
        } catch (IOException unknown) {
            return null;
        }
    }

    /** Returns whether this is the name of a terminal on Linux. */
    static boolean isTerminal(String name) {
        return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
    }
}
