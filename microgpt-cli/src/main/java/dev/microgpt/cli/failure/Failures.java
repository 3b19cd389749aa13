package dev.microgpt.cli.failure;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.TrainingDivergedException;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.huggingface.HuggingFaceException;
import dev.microgpt.train.internal.disk.SystemReason;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
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
            String message = String.valueOf(io.getMessage());
            boolean isNamed = !message.equals(io.getCause().toString()); // by whoever threw it
            return report(terminal, ExitCode.IO, isNamed ? message : describe(io.getCause()), null);
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

    /** Describes a failure in words, which are the same whatever the language of the system. */
    public static String describe(IOException failure) {
        if (!(failure instanceof FileSystemException file) || file.getFile() == null) {
            return SystemReason.after("input or output failed", SystemReason.ofStream(failure));
        }
        Path path = Path.of(file.getFile()).toAbsolutePath().normalize();
        String reason = SystemReason.of(failure, path);
        boolean isMissing = reason.equals(SystemReason.MISSING);
        return SystemReason.after(path.toString(), reason) + (isMissing ? Suggestions.hint(path) : "");
    }
}
