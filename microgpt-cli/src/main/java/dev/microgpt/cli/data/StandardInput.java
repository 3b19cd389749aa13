package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.ProgramOutput;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard input, which an option such as {@code --data -} names. */
public final class StandardInput {
    public static final String NAME = "-";

    private static final Path DEVICE = Path.of("/dev/stdin"); // not on every system

    private static final int MOST_BYTES = 1 << 24;

    private StandardInput() {}

    /** Returns whether a path stands for standard input. */
    public static boolean isNamedBy(Path data) {
        return data.toString().equals(NAME);
    }

    /** Returns the text of a file, of the files of a folder that a pattern matches, or of standard input. */
    public static TextSource textOf(Path data, String pattern) throws IOException {
        return isNamedBy(data) ? TextSource.of(open("--data"), NAME) : TextSource.of(data, pattern);
    }

    /**
     * Reads a text of at most 16 MiB as data is read: as UTF-8, without a byte order mark, and with LF for CRLF and CR.
     *
     * @param option the option that names it
     * @param file   a file, or - for standard input
     */
    public static String wholeText(String option, Path file) throws IOException {
        InputStream in = isNamedBy(file) ? open(option) : OrdinaryFile.openStream(file);
        TextSource stream = TextSource.of(in, file.toString());
        StringBuilder text = new StringBuilder();
        try {
            TextSource source = stream.with(stream.contents(MOST_BYTES, "give a shorter one"));
            try (TextPieces reader = RecordFormat.lines().texts(source)) {
                for (String piece = reader.next(); piece != null; piece = reader.next()) {
                    text.append(piece);
                }
            }
        } catch (DataException wrong) {
            throw new DataException(option + ": " + wrong.getMessage());
        }
        return text.toString();
    }

    /** Returns standard input; refuses a terminal, on which a command with a forgotten pipe would wait forever. */
    private static InputStream open(String option) {
        boolean isTerminal = ProgramOutput.firstLine(new ProcessBuilder("tty").redirectInput(Redirect.INHERIT)) != null;
        if (isTerminal) {
            throw new CliException(
                    ExitCode.USAGE,
                    option + " -: standard input is a terminal, but must be a file or a pipe",
                    "add < FILE to the command, or give the file with " + option);
        }
        if (Files.isDirectory(DEVICE)) {
            throw new CliException(
                    ExitCode.IO,
                    option + " -: standard input must be a file or a pipe, but is a folder",
                    "give the folder with " + option);
        }
        return System.in;
    }
}
