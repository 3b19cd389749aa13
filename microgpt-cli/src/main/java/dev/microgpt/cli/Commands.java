package dev.microgpt.cli;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.command.EvalCommand;
import dev.microgpt.cli.command.InfoCommand;
import dev.microgpt.cli.command.SampleCommand;
import dev.microgpt.cli.command.TrainCommand;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The commands by name, and the one way to run them. */
final class Commands {
    private Commands() {}

    /** Returns a new command with all options at their defaults, or null if there is none of this name. */
    static @Nullable Command named(String name) {
        return switch (name) {
            case "train" -> new TrainCommand();
            case "sample" -> new SampleCommand();
            case "eval" -> new EvalCommand();
            case "info" -> new InfoCommand();
            default -> null;
        };
    }

    /** Runs a command, here or in a second JVM with the same arguments, and returns the exit code. */
    static int run(Command command, Terminal terminal, boolean stackTrace, String... args) {
        try {
            // a second JVM writes to the standard streams of this process
            if (terminal.isStandard() && WorkEstimate.isLong(command.plainSeconds())) {
                OptionalInt exitCode = Launcher.run(Main.class, args);
                if (exitCode.isPresent()) {
                    return exitCode.getAsInt();
                }
            }
            command.run(terminal);
            return ExitCode.DONE;
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            return Failures.report(terminal, failure, stackTrace);
        }
    }
}
