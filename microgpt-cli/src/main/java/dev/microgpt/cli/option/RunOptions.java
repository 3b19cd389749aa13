package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a run writes and how it shows what it does. */
public final class RunOptions {
    public static final Path USUAL_FOLDER = Path.of("out");

    private static final Path IN_THE_FOLDER = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files of the run, made if missing (default out).")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace another run in that folder.")
    public boolean overwrite;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "FILE|DIR",
            converter = Converters.OptionalPath.class,
            description =
                    "Go on with a run that was stopped, from its latest checkpoint or a given one, with its settings"
                            + " and data (default: the run in --out).")
    private @Nullable Path resume;

    @Option(
            names = "--init-from",
            paramLabel = "FILE|DIR",
            description = "Begin with the model of a checkpoint instead of a new one.")
    @Nullable
    public Path initFrom;

    @Range(atLeast = 1)
    @Option(
            names = "--checkpoint-interval",
            paramLabel = "N",
            description = "Steps between two checkpoints (microgpt none before the end, nano 500, gpt2 10).")
    private @Nullable Integer checkpointInterval;

    @Range(atLeast = 1)
    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "How many of these checkpoints stay, the newest (default ${DEFAULT-VALUE}).")
    public int keep = 2;

    @Range(atLeast = 1)
    @Option(
            names = "--eval-interval",
            paramLabel = "N",
            description = "Steps between two measurements on what is held back (default ${DEFAULT-VALUE}).")
    public int evalInterval = 250;

    @Range(atLeast = 0)
    @Option(
            names = "--eval-steps",
            paramLabel = "N",
            description =
                    "Batches that a measurement takes, drawn at random, 0 for all; the last one takes as many as the"
                            + " training took, if there are so many (default ${DEFAULT-VALUE}).")
    public int evalSteps = 20;

    @Range(atLeast = 1)
    @Option(
            names = "--log-interval",
            paramLabel = "N",
            description = "Steps between two lines of progress where standard error is no terminal"
                    + " (default ${DEFAULT-VALUE}).")
    public int logInterval = 100;

    @Range(atLeast = 0)
    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Samples to show at each measurement (default ${DEFAULT-VALUE}).")
    public int samples;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description =
                    "Write one JSON object a step, numbers in full precision (default: metrics.jsonl in the folder of"
                            + " the run, if there is a report).")
    private @Nullable Path metrics;

    @Option(
            names = "--report",
            negatable = true,
            description = "Write report.html, a page with curves (microgpt no, other presets yes).")
    private @Nullable Boolean report;

    public boolean resumes() {
        return resume != null;
    }

    /** Refuses options that exclude each other. */
    public void check() {
        if (resumes() && initFrom != null) {
            throw excluded("--init-from", "leave out --resume to begin a new run with that model");
        }
        if (resumes() && overwrite) {
            throw excluded("--overwrite", "leave out --resume to begin that run anew");
        }
        if (metrics != null) {
            checkCanBeFile("--metrics", metrics);
        }
    }

    /** Refuses, before anything is made, a path where no file can be. */
    private static void checkCanBeFile(String option, Path file) {
        if (Files.isDirectory(file)) {
            throw new CliException(ExitCode.IO, option + " " + file + ": found a folder, expected a file", null);
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new CliException(
                    ExitCode.IO, option + " " + file + ": found no folder " + parent + ", expected one", "make it");
        }
    }

    private static CliException excluded(String option, String hint) {
        return new CliException(
                ExitCode.USAGE, "--resume: found " + option + " beside it, expected one of the two", hint);
    }

    /** Returns the folder of the run. */
    public RunFolder folder() throws IOException {
        Path usual = out == null ? USUAL_FOLDER : out;
        if (resume == null || resume.equals(IN_THE_FOLDER)) {
            return new RunFolder(usual);
        }
        RunFolder.checkpointAt("--resume", resume); // exists
        Path parent = resume.getParent();
        Path named = Files.isDirectory(resume) ? resume : parent == null ? Path.of(".") : parent;
        if (out != null && !(Files.isDirectory(out) && Files.isSameFile(out, named))) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--resume " + resume + ": found --out " + out + " beside it, expected the same folder",
                    "leave out --out; or copy that file into a folder of its own, and resume it there");
        }
        return new RunFolder(named);
    }

    /** Returns the checkpoint that was named to go on from, or null if it is the latest in the folder. */
    @Nullable
    public Path resumedFile() {
        return resume == null || resume.equals(IN_THE_FOLDER) || Files.isDirectory(resume) ? null : resume;
    }

    /** Returns after how many steps each there is a checkpoint. */
    public int checkpointInterval(Preset preset) {
        return checkpointInterval == null ? preset.checkpointInterval() : checkpointInterval;
    }

    /** A run that goes on has a report if it had one. */
    public boolean report(Preset preset, RunFolder folder) {
        if (report != null) {
            return report;
        }
        return resumes() ? Files.exists(folder.metrics()) : preset != Preset.MICROGPT;
    }

    /** Returns the file for the metrics, or null for none. */
    @Nullable
    public Path metrics(Preset preset, RunFolder folder) {
        return metrics == null && report(preset, folder) ? folder.metrics() : metrics;
    }
}
