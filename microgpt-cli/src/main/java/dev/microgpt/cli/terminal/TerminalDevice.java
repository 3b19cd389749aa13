package dev.microgpt.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file of the terminal to which standard error leads.
 *
 * <p>{@link System#console()} does not tell: it looks at standard input and output, and is always there from Java 22 on.
 */
public final class TerminalDevice {
    /** The system property that names the terminal of the first JVM to a second one. */
    public static final String PROPERTY = "microgpt.first.terminal";

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private TerminalDevice() {}

    /**
     * Looks for it.
     *
     * @return null if standard error is something else, or may be, or if the terminal cannot be opened
     */
    public static @Nullable Path find() {
        if (File.separatorChar == '\\') {
            return null; // Windows has none
        }
        String ofTheFirst = System.getProperty(PROPERTY);
        if (ofTheFirst != null) {
            return Path.of(ofTheFirst);
        }
        String name = Files.isSymbolicLink(STANDARD_ERROR)
                ? linked()
                : ProgramOutput.of(
                        new ProcessBuilder("sh", "-c", "tty <&2 2>/dev/null").redirectError(Redirect.INHERIT));
        return name != null && name.startsWith("/") && Files.isWritable(Path.of(name)) ? Path.of(name) : null;
    }

    /** Linux has a link to whatever a process has open. */
    private static @Nullable String linked() {
        try {
            Path file = Files.readSymbolicLink(STANDARD_ERROR);
            // in a container, the name may be that of the host, and here that of another terminal
            return isTerminal(file.toString()) && Files.isSameFile(file, STANDARD_ERROR) ? file.toString() : null;
        } catch (IOException unknown) {
            return null;
        }
    }

    /** Returns whether Linux gives such names to terminals. */
    static boolean isTerminal(String name) {
        return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
    }
}
