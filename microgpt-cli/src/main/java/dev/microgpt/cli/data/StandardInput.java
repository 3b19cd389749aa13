package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.ProgramOutput;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

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
        byte[] bytes;
        try (InputStream in = isNamedBy(file) ? open(option) : OrdinaryFile.openStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        String name = option + " " + file;
        if (bytes.length > MOST_BYTES) {
            throw new CliException(
                    ExitCode.CONTENT, name + " has more than " + MOST_BYTES + " bytes", "give a shorter text");
        }
        ByteBuffer left = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(left, text, true).isError()) { // reports what is not UTF-8
            throw new CliException(
                    ExitCode.CONTENT,
                    name + ": byte 0x" + HexFormat.of().withUpperCase().toHexDigits(bytes[left.position()])
                            + " at offset " + left.position() + " is not UTF-8",
                    "convert the text to UTF-8");
        }
        String read = text.flip().toString();
        return (read.startsWith("\uFEFF") ? read.substring(1) : read)
                .replace("\r\n", "\n")
                .replace('\r', '\n');
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
