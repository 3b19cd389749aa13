package dev.microgpt.cli;

import dev.microgpt.cli.command.TrainCommand;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.GradientWorkers;
import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.SweepException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Trains the runs of a sweep by the command {@code train}, whose options their settings are. */
public final class SweptTraining implements RunTrainer {
    private static final String LOG = "log.txt";
    private static final String INIT_FROM = "init-from";

    /** Options of {@code train} that say where and how a run is trained, which a sweep decides. */
    private static final Set<String> REFUSED = Set.of(
            "budget",
            "extend",
            "help",
            "log-interval",
            "metrics",
            "out",
            "overwrite",
            "quiet",
            "report",
            "resume",
            "stacktrace",
            "threads",
            "version");

    @Override
    public void check(String name, String value) {
        if (REFUSED.contains(name)) {
            throw new IllegalArgumentException(
                    "--" + name + " is no setting of a run, but the sweep's to decide; leave it out");
        }
        if (name.startsWith("no-")) {
            throw new IllegalArgumentException(
                    "--" + name + " is the flag " + name.substring(3) + " = false; write that");
        }
        if (name.equals("data") && value.equals("-")) {
            throw new IllegalArgumentException(
                    "standard input can be read only once, but each run reads the data; name a file");
        }
        try {
            command(arguments(Map.of(name, value)));
        } catch (CliException refused) {
            throw new IllegalArgumentException(text(refused), refused);
        }
    }

    @Override
    public void check(Map<String, String> settings, int jobs) throws IOException {
        try {
            command(arguments(settings)).checkNew(silent(), jobs);
        } catch (CliException refused) {
            throw (IOException) new SweepException(text(refused)).initCause(refused);
        }
    }

    @Override
    public Map<String, String> describe(Map<String, String> settings) throws IOException {
        try {
            return command(arguments(settings)).settings(silent());
        } catch (CliException refused) {
            throw (IOException) new SweepException(text(refused)).initCause(refused);
        }
    }

    @Override
    public RunEnd train(
            Map<String, String> settings, Path folder, BooleanSupplier stop, @Nullable GradientWorkers workers) {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        try (OutputStream log =
                Files.newOutputStream(folder.resolve(LOG), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Terminal terminal = new Terminal(log, log);
            try {
                TrainCommand command = command(arguments(settings, folder));
                boolean done = command.run(terminal, stop, workers);
                return new RunEnd(done ? RunEnd.State.DONE : RunEnd.State.STOPPED, ExitCode.DONE, "");
            } catch (IOException | RuntimeException | Error failure) {
                int exitCode = Failures.report(new Terminal(complaints, complaints), failure, false);
                if (exitCode != ExitCode.FOLDER_IN_USE) { // whose log this is
                    Failures.report(terminal, failure, exitCode == ExitCode.BUG);
                }
                RunEnd.State state = exitCode == ExitCode.DIVERGED ? RunEnd.State.DIVERGED : RunEnd.State.FAILED;
                return new RunEnd(state, exitCode, firstLine(complaints));
            }
        } catch (IOException log) {
            return new RunEnd(RunEnd.State.FAILED, ExitCode.IO, Failures.describe(log));
        }
    }

    /** Returns the message without the name of the program and the hint. */
    private static String firstLine(ByteArrayOutputStream complaints) {
        String message = complaints.toString(StandardCharsets.UTF_8);
        return message.substring(0, message.indexOf('\n')).replaceFirst("^microgpt: ", "");
    }

    private static String text(CliException refused) {
        return refused.getMessage() + (refused.hint() == null ? "" : "; " + refused.hint());
    }

    private static Terminal silent() {
        return new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    private static TrainCommand command(List<String> arguments) {
        return (TrainCommand) CommandLines.command(arguments.toArray(new String[0]));
    }

    private static List<String> arguments(Map<String, String> settings) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments;
    }

    /** Resumes a run that has saved a checkpoint; a run without one begins anew. */
    private static List<String> arguments(Map<String, String> settings, Path folder) {
        List<String> arguments = arguments(settings);
        if (!settings.containsKey("num-samples")) {
            arguments.add("--num-samples=0");
        }
        arguments.add("--report");
        if (new RunFolder(folder).checkpoints().all().isEmpty()) {
            arguments.add("--out=" + folder);
        } else {
            arguments.removeIf(argument -> argument.startsWith("--" + INIT_FROM + "="));
            arguments.add("--resume=" + folder);
        }
        return arguments;
    }
}
