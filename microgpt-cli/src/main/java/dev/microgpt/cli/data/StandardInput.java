package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.ProgramOutput;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard input, which {@code --data -} names. */
public final class StandardInput {
    public static final String NAME = "-";

    private static final Path DEVICE = Path.of("/dev/stdin"); // not on every system

    private StandardInput() {}

    private static boolean isNamedBy(Path data) {
        return data.toString().equals(NAME);
    }

    /** Returns the text of a file, of the files of a folder that a pattern matches, or of standard input. */
    public static TextSource textOf(Path data, String pattern) throws IOException {
        return isNamedBy(data) ? TextSource.of(open(), NAME) : TextSource.of(data, pattern);
    }

    /** Returns standard input; refuses a terminal, on which a command with a forgotten pipe would wait forever. */
    static InputStream open() {
        boolean isTerminal = ProgramOutput.firstLine(new ProcessBuilder("tty").redirectInput(Redirect.INHERIT)) != null;
        if (isTerminal) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--data -: standard input is a terminal, but must be a file or a pipe",
                    "add < FILE to the command, or give the file with --data");
        }
        if (Files.isDirectory(DEVICE)) {
            throw new CliException(
                    ExitCode.IO,
                    "--data -: standard input must be a file or a pipe, but is a folder",
                    "give the folder with --data");
        }
        return System.in;
    }
}
