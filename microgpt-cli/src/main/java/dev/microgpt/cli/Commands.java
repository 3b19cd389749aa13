package dev.microgpt.cli;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The table of commands, and the one way to run them. It must not load picocli, which {@link CommandLines} does. */
final class Commands {
    /**
     * All commands, in the order of the help. To add one, write its class in the package {@code command} and a line
     * here. Classes are given by name, so that a command without options loads no class but its own.
     */
    static final List<Entry> TABLE = List.of(
            bare("train", "TrainCommand"),
            bare("sample", "SampleCommand"),
            bare("eval", "EvalCommand"),
            command("score", "ScoreCommand"),
            bare("info", "InfoCommand"),
            command("explain", "ExplainCommand"),
            bare("why", "WhyCommand"),
            bare("serve", "ServeCommand"),
            command("sweep", "SweepCommand"),
            command("compare", "CompareCommand"),
            group(
                    "data",
                    "Prepare or download training data.",
                    command("prepare", "PrepareCommand"),
                    command("fetch", "FetchCommand")),
            group("tokenizer", "Train a tokenizer.", command("train", "TokenizerTrainCommand")),
            group("import", "Import a model from another program.", command("gpt2", "ImportGpt2Command")),
            group("export", "Export a model to another program.", command("gpt2", "ExportGpt2Command")));

    private Commands() {}

    /**
     * A line of the table: a command, or a group of commands.
     *
     * @param name        the word on the command line
     * @param type        the name of the command's class; null for a group
     * @param isBare      whether the command has a default for everything, and so may run without a parser
     * @param description the help of a group; a command's is in its class
     * @param subcommands the commands of a group
     */
    record Entry(String name, @Nullable String type, boolean isBare, String description, List<Entry> subcommands) {
        /** Returns a new command with all options at their defaults, or null for a group. */
        @Nullable
        Command create() {
            if (type == null) {
                return null;
            }
            try {
                return (Command) Class.forName(Command.class.getPackageName() + "." + type)
                        .getConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException unusable) {
                throw new IllegalStateException(type + " must be a public class with a public constructor", unusable);
            }
        }
    }

    /** A command that can run without any argument. */
    private static Entry bare(String name, String type) {
        return new Entry(name, type, true, "", List.of());
    }

    private static Entry command(String name, String type) {
        return new Entry(name, type, false, "", List.of());
    }

    private static Entry group(String name, String description, Entry... subcommands) {
        return new Entry(name, null, false, description, List.of(subcommands));
    }

    /** Returns the command or group with a name, or null if there is none. */
    static @Nullable Entry named(String name) {
        for (Entry entry : TABLE) {
            if (entry.name.equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /** Runs a command, in this JVM or in a second one with the same arguments, and returns the exit code. */
    static int run(Command command, Terminal terminal, boolean stackTrace, String... args) {
        try {
            // a second JVM writes to the standard streams of this process
            if (terminal.isStandard() && WorkEstimate.isLong(command.plainSeconds())) {
                OptionalInt exitCode = Launcher.run(terminal, Main.class, args);
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
