package dev.microgpt.cli.command;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.FolderLock;
import dev.microgpt.cli.jvm.Interruption;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.sweep.Comparison;
import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.Sweep;
import dev.microgpt.train.sweep.SweepException;
import dev.microgpt.train.sweep.SweepListener;
import dev.microgpt.train.sweep.SweptRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt sweep}: trains the runs that a file lists, and compares them. */
@CommandLine.Command(
        description = "Train the runs that a file lists, each in a folder of its own, and compare them. A line of the"
                + " file is an option of train and its values, such as learning-rate = 0.001, 0.003; all values are"
                + " combined. The command can be repeated: it continues what was interrupted, and repeats nothing.")
public final class SweepCommand implements Command {
    @Parameters(paramLabel = "FILE", description = "The sweep file.")
    private Path file = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the folders of the runs, created if missing (default: the name of the file"
                    + " without its extension).")
    private @Nullable Path out;

    @Range(atLeast = 1)
    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Runs at the same time, which share the threads and the heap; it does not affect the results"
                    + " (default ${DEFAULT-VALUE}).")
    private int jobs = 1;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        read();
        return Double.POSITIVE_INFINITY; // many runs, and nobody sweeps what takes no time
    }

    private Sweep read() throws IOException {
        try {
            return Sweep.read(file);
        } catch (SweepException wrong) {
            throw refused(wrong);
        }
    }

    private static CliException refused(SweepException wrong) {
        CliException refusal = new CliException(ExitCode.CONTENT, String.valueOf(wrong.getMessage()), null);
        refusal.initCause(wrong);
        return refusal;
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        Sweep sweep = read();
        Path folder = folder();
        RunTrainer trainer = RunTrainer.find();
        try {
            sweep.check(trainer, folder, jobs);
            FolderLock lock = FolderLock.of(folder, terminal);
            try (lock) {
                lock.sign();
                train(terminal, sweep, folder, trainer);
            }
        } catch (SweepException wrong) {
            throw refused(wrong);
        }
    }

    private void train(Terminal terminal, Sweep sweep, Path folder, RunTrainer trainer) throws IOException {
        int count = sweep.runs().size();
        terminal.say(Kernels.active().description() + " kernels, " + count + (count == 1 ? " run" : " runs") + " in "
                + folder);
        Interruption interruption = Interruption.await(
                terminal, "stopping after the steps of all runs to save them; press Ctrl-C again to stop immediately");
        List<RunEnd> ends;
        try (interruption) {
            ends = sweep.train(trainer, folder, jobs, interruption::requested, new Lines(terminal));
        }
        long left =
                ends.stream().filter(end -> end.state() == RunEnd.State.STOPPED).count();
        if (left > 0) {
            terminal.say(
                    "stopped with " + left + " of " + count + " runs left; give the same command again to continue");
            return;
        }
        print(terminal, sweep, folder);
        fail(sweep, ends);
    }

    private static void print(Terminal terminal, Sweep sweep, Path folder) throws IOException {
        List<Path> folders = sweep.begun(folder);
        if (!folders.isEmpty()) {
            terminal.printPart(Comparison.of(folders).text());
        }
    }

    private static void fail(Sweep sweep, List<RunEnd> ends) {
        for (int i = 0; i < ends.size(); i++) {
            RunEnd end = ends.get(i);
            if (end.exitCode() != ExitCode.DONE) {
                long failed = ends.stream()
                        .filter(each -> each.exitCode() != ExitCode.DONE)
                        .count();
                throw new CliException(
                        end.exitCode(),
                        failed + " of " + ends.size() + " runs did not end well; the first is "
                                + sweep.runs().get(i).name() + ": " + end.message(),
                        "change the values of these runs; the same command trains again what failed, but not what"
                                + " diverged");
            }
        }
    }

    private Path folder() {
        if (out != null) {
            return out;
        }
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        if (dot < 1) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--out must be given, because " + file + " has no extension, without which its name would be that"
                            + " of the folder",
                    "give --out, or name the file for example " + name + ".txt");
        }
        return Path.of(name.substring(0, dot));
    }

    /** Says which runs begin and end. */
    private static final class Lines implements SweepListener {
        private final Terminal terminal;

        Lines(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void onBegin(SweptRun run) {
            terminal.note("training " + run.name());
        }

        @Override
        public void onEnd(SweptRun run, RunEnd end) {
            if (end.state() != RunEnd.State.STOPPED) {
                terminal.note(end.state() + ": " + run.name() + (end.message().isEmpty() ? "" : ": " + end.message()));
            }
        }
    }
}
