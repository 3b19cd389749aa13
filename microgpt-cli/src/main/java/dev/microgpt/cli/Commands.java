package dev.microgpt.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The commands by name, and the one way to run them. */
final class Commands {
    private Commands() {}

    /** Returns a new command with all options at their defaults, or null if there is none of this name. */
    static @Nullable Command named(String name) {
        return switch (name) {
            case "train" -> new TrainCommand();
            case "sample" -> new SampleCommand();
            case "info" -> new InfoCommand();
            default -> null;
        };
    }

    /** Runs a command and returns the exit code. */
    static int run(Command command, Terminal terminal, boolean stackTrace) {
        try {
            command.run(terminal);
            return ExitCode.DONE;
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            return Failures.report(terminal, failure, stackTrace);
        }
    }
}
