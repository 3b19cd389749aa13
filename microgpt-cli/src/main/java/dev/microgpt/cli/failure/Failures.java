package dev.microgpt.cli.failure;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.TrainingDivergedException;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.data.DataException;
import dev.microgpt.train.huggingface.HuggingFaceException;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one place that turns an exception into a message and an exit code. */
public final class Failures {
    private Failures() {}

    /** Prints the message of a failure and returns its exit code. */
    public static int report(Terminal terminal, Throwable failure, boolean stackTrace) {
        if (stackTrace) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            terminal.complain(trace.toString().stripTrailing());
        }
        if (failure instanceof CliException cli) {
            return report(terminal, cli.exitCode(), String.valueOf(cli.getMessage()), cli.hint());
        }
        if (failure instanceof UncheckedIOException unchecked
                && unchecked.getCause() instanceof DataException content) {
            return report(terminal, ExitCode.CONTENT, String.valueOf(content.getMessage()), null);
        }
        if (failure instanceof DataException
                || failure instanceof SafetensorsException
                || failure instanceof CheckpointException
                || failure instanceof HuggingFaceException) {
            return report(terminal, ExitCode.CONTENT, String.valueOf(failure.getMessage()), null);
        }
        if (failure instanceof TrainingDivergedException) {
            return report(
                    terminal,
                    ExitCode.DIVERGED,
                    String.valueOf(failure.getMessage()),
                    "lower --learning-rate, or clip the gradients with --grad-clip 1; the last checkpoint is"
                            + " unchanged");
        }
        if (failure instanceof OutOfMemoryError) {
            long heap = Runtime.getRuntime().maxMemory() >> 20;
            return report(
                    terminal, CliException.outOfMemory("out of memory: the heap is limited to " + heap + " MB"), false);
        }
        if (failure instanceof IOException io) {
            return report(terminal, ExitCode.IO, describe(io), null);
        }
        if (failure instanceof UncheckedIOException io) {
            return report(terminal, ExitCode.IO, String.valueOf(io.getMessage()), null);
        }
        return report(
                terminal,
                ExitCode.BUG,
                "a bug in this program: " + failure,
                stackTrace ? null : "run it again with --stacktrace and report what it prints");
    }

    private static int report(Terminal terminal, int exitCode, String message, @Nullable String hint) {
        terminal.complain("microgpt: " + Format.visible(message));
        if (hint != null) {
            terminal.complain("hint: " + Format.visible(hint));
        }
        return exitCode;
    }

    /** Describes a failure in words, as the classes of {@link java.nio.file} do by their names. */
    public static String describe(IOException failure) {
        if (!(failure instanceof FileSystemException file) || file.getFile() == null) {
            return "input or output failed: " + failure.getMessage();
        }
        String path = Path.of(file.getFile()).toAbsolutePath().normalize().toString();
        if (failure instanceof NoSuchFileException && isBelowFile(Path.of(path))) { // some JDKs do not say it
            return path + reason("Not a directory");
        }
        if (failure instanceof NoSuchFileException) {
            return path + ": no such file or folder" + Suggestions.hint(Path.of(path));
        }
        if (failure instanceof AccessDeniedException) {
            return path + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException && file.getReason() == null) {
            return path + " must be a folder, but is a file";
        }
        if (failure instanceof NotDirectoryException) {
            return path + " is not a folder";
        }
        return path + reason(String.valueOf(file.getReason()));
    }

    private static boolean isBelowFile(Path path) {
        Path parent = path.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && !Files.isDirectory(parent);
    }

    /** Rephrases the known messages of the operating system. */
    private static String reason(String ofTheSystem) {
        if (ofTheSystem.startsWith("Too many levels of symbolic links")) {
            return " must be a file, but is a symbolic link to itself";
        }
        return switch (ofTheSystem) {
            case "null" -> " cannot be used";
            case "Not a directory" -> ": a part of its path must be a folder, but is a file";
            case "Is a directory" -> " must be a file, but is a folder";
            default -> ": " + ofTheSystem;
        };
    }
}
