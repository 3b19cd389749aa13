package dev.microgpt.cli;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.jvm.FirstJvm;
import dev.microgpt.cli.jvm.Interruption;
import dev.microgpt.cli.jvm.TypedArguments;
import dev.microgpt.cli.terminal.Logging;
import dev.microgpt.cli.terminal.Terminal;
import java.io.UncheckedIOException;

/** The program {@code microgpt}; the only place that ends the process. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Logging.configure();
        String firstJvm = System.getProperty(FirstJvm.PID);
        if (firstJvm != null) {
            FirstJvm.follow(Long.parseLong(firstJvm));
        }
        int exitCode = ExitCode.BUG;
        try {
            exitCode = runTyped(new Terminal(), args);
        } finally {
            Interruption.mainEndsWith(exitCode);
        }
        System.exit(exitCode);
    }

    private static int runTyped(Terminal terminal, String... args) {
        try {
            return run(terminal, TypedArguments.of(args));
        } catch (CliException unreadable) {
            return Failures.report(terminal, unreadable, false);
        }
    }

    /** Runs one command and returns its exit code. */
    public static int run(Terminal terminal, String... args) {
        try {
            return execute(terminal, args);
        } catch (ExceptionInInitializerError wrongProperty) {
            String message = String.valueOf(wrongProperty.getCause().getMessage());
            return Failures.report(terminal, new CliException(ExitCode.USAGE, message, null), false);
        } catch (UncheckedIOException unwritable) { // the help
            return Failures.report(terminal, unwritable, false);
        }
    }

    private static int execute(Terminal terminal, String... args) {
        // A command without options needs no parser, which takes longer to load than a small training run takes.
        Commands.Entry entry = args.length == 1 ? Commands.named(args[0]) : null;
        Command command = entry != null && entry.isBare() ? entry.create() : null;
        return command == null ? CommandLines.execute(terminal, args) : Commands.run(command, terminal, false, args);
    }
}
