package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.Metrics;
import dev.microgpt.train.internal.disk.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a training run: its files, checkpoints, evaluations and output. */
public final class RunOptions {
    public static final Path USUAL_FOLDER = Path.of("out");

    private static final Path IN_THE_FOLDER = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files of the run, created if missing (default out).")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace another run in that folder.")
    public boolean overwrite;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "FILE|DIR",
            converter = Converters.OptionalPath.class,
            description = "Resume a run with its settings and data, from its latest checkpoint or from the given one"
                    + " (default: the run in --out).")
    private @Nullable Path resume;

    @Option(
            names = "--extend",
            description = "With --resume: raise the number of steps of the run to --steps. The remaining steps take the"
                    + " learning rates of a run of that length.")
    public boolean extend;

    @Option(
            names = "--init-from",
            paramLabel = "FILE|DIR",
            description = "Start with the model of a checkpoint instead of a new one, and inherit the training settings"
                    + " and the validation split recorded in it; --preset and other options override them.")
    @Nullable
    public Path initFrom;

    @Range(atLeast = 1)
    @Option(
            names = "--checkpoint-interval",
            paramLabel = "N",
            description = "Steps between checkpoints (microgpt only at the end, nano 500, gpt2 10).")
    private @Nullable Integer checkpointInterval;

    @Range(atLeast = 1)
    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Number of these checkpoints to keep, the latest ones (default ${DEFAULT-VALUE}).")
    public int keep = 2;

    @Range(atLeast = 1)
    @Option(
            names = "--eval-interval",
            paramLabel = "N",
            description = "Steps between evaluations on the validation split (default ${DEFAULT-VALUE}).")
    public int evalInterval = 250;

    @Range(atLeast = 0)
    @Option(
            names = "--eval-steps",
            paramLabel = "N",
            description = "Batches per evaluation, a random sample that is the same throughout the run; 0 evaluates the"
                    + " whole validation split. At the end, the last and the best model are evaluated on as many"
                    + " batches as training used, if the split has that many (default ${DEFAULT-VALUE}).")
    public int evalSteps = 20;

    @Range(atLeast = 1)
    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "End the run after N evaluations in a row without a lower validation loss (default: never).")
    @Nullable
    public Integer patience;

    @Range(atLeast = 1)
    @Option(
            names = "--log-interval",
            paramLabel = "N",
            description =
                    "Steps between progress lines when standard error is not a terminal (default ${DEFAULT-VALUE}).")
    public int logInterval = 100;

    @Range(atLeast = 0)
    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Samples to print at each evaluation (default ${DEFAULT-VALUE}).")
    public int samples;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description =
                    "Write one JSON object per step, with numbers in full precision (default: metrics.jsonl in the"
                            + " folder of the run, if there is a report). A pipe or a device has no report.")
    private @Nullable Path metrics;

    @Option(
            names = "--report",
            negatable = true,
            description = "Write report.html, a page of charts (microgpt no, other presets yes).")
    private @Nullable Boolean report;

    @Option(
            names = "--tensorboard",
            description = "Write metrics.tfevents, which TensorBoard shows: tensorboard --logdir with the folder of the"
                    + " run, or one above it. What it lacks when the run is resumed comes from the metrics.")
    public boolean tensorboard;

    public boolean resumes() {
        return resume != null;
    }

    /** Refuses options that cannot be used together, and files that cannot be written. */
    public void check() throws IOException {
        if (resumes() && initFrom != null) {
            throw excluded("--init-from", "leave out --resume to start a new run with that model");
        }
        if (resumes() && overwrite) {
            throw excluded("--overwrite", "leave out --resume to start that run over");
        }
        if (metrics != null) {
            OutputFile.check("--metrics", metrics);
            Metrics.checkReplaceable("--metrics", metrics);
            if (Boolean.TRUE.equals(report) && FileKind.isOther(metrics)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--report and --metrics " + metrics + " cannot be used together: the report reads the metrics,"
                                + " but this is " + FileKind.of(metrics),
                        "leave out one of the two, or name a file with --metrics");
            }
        }
    }

    private static CliException excluded(String option, String hint) {
        return new CliException(ExitCode.USAGE, "--resume and " + option + " cannot be used together", hint);
    }

    /** Refuses options that determine what {@code --budget} chooses. */
    public void checkBudget(boolean stepsGiven, boolean isAnotherType) {
        String other = stepsGiven ? "--steps" : resumes() ? "--resume" : initFrom != null ? "--init-from" : null;
        if (other != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--budget and " + other + " cannot be used together: a budget chooses a new model and its steps",
                    "leave out one of the two");
        }
        if (isAnotherType) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--budget chooses among sizes of the model gpt, but --model names another",
                    "leave out --model, or give --steps and the sizes with --set");
        }
    }

    /** Refuses to extend a run that no option names, or to no number of steps. */
    public void checkExtension(boolean stepsGiven) {
        if (extend && !(resumes() && stepsGiven)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--extend must be used together with --resume and --steps, but "
                            + (resumes() ? "--steps" : "--resume") + " is not given",
                    "--resume names the run, and --steps the new number of steps of the whole run");
        }
    }

    /** Returns the folder of the run. */
    public RunFolder folder() throws IOException {
        Path usual = out == null ? USUAL_FOLDER : out;
        if (resume == null || resume.equals(IN_THE_FOLDER)) {
            return resumes() ? RunFolder.toResume(usual) : new RunFolder(usual);
        }
        RunFolder.checkpointAt("--resume", resume); // exists
        Path parent = resume.getParent();
        Path named = Files.isDirectory(resume) ? resume : parent == null ? Path.of(".") : parent;
        // a file names the run itself
        boolean any = Files.isDirectory(resume) || named.endsWith("unfinished");
        RunFolder folder = any ? RunFolder.toResume(named) : new RunFolder(named);
        if (out != null && !(Files.isDirectory(out) && Files.isSameFile(out, folder.path()))) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--resume " + resume + " is not in --out " + out + ", but both must name the same folder",
                    "leave out --out, or copy the checkpoint into a folder of its own and resume it there");
        }
        return folder;
    }

    /** Returns the checkpoint to resume from, or null for the latest one in the folder. */
    @Nullable
    public Path resumedFile() {
        return resume == null || resume.equals(IN_THE_FOLDER) || Files.isDirectory(resume) ? null : resume;
    }

    /** Returns the number of steps between checkpoints. */
    public int checkpointInterval(Preset preset) {
        return checkpointInterval == null ? preset.checkpointInterval() : checkpointInterval;
    }

    /** Returns whether the run has a report; a run that is resumed has one if it had one before. */
    public boolean report(Preset preset, RunFolder folder) {
        if (report != null) {
            return report;
        }
        if (metrics != null && FileKind.isOther(metrics)) {
            return false; // the report could not read it
        }
        return resumes() ? folder.hasMetrics() : preset != Preset.MICROGPT;
    }

    /** Returns the file of the metrics, or null for none. */
    @Nullable
    public Path metrics(Preset preset, RunFolder folder) {
        if (metrics == null) {
            return report(preset, folder) ? folder.metrics() : null;
        }
        Path finished = folder.finalPath(folder.metrics());
        return metrics.toAbsolutePath()
                        .normalize()
                        .equals(finished.toAbsolutePath().normalize())
                ? folder.metrics()
                : metrics;
    }
}
