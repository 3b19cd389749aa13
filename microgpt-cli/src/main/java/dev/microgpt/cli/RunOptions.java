package dev.microgpt.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a run writes and how it shows what it does. */
final class RunOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = Converters.FilePath.class,
            description = "Folder for the files of the run, made if missing (default ${DEFAULT-VALUE}).")
    Path out = Path.of("out");

    @Option(names = "--overwrite", description = "Replace another run in that folder.")
    boolean overwrite;

    @Option(
            names = "--init-from",
            paramLabel = "FILE|DIR",
            converter = Converters.FilePath.class,
            description = "Begin with the model of a checkpoint instead of a new one.")
    @Nullable
    Path initFrom;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Steps between two checkpoints (microgpt none before the end, nano 500, gpt2 10).")
    private @Nullable Integer checkpointInterval;

    @Option(
            names = "--keep",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "How many of these checkpoints stay, the newest (default ${DEFAULT-VALUE}).")
    int keep = 2;

    @Option(
            names = "--eval-interval",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Steps between two measurements on what is held back (default ${DEFAULT-VALUE}).")
    int evalInterval = 250;

    @Option(
            names = "--eval-steps",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description =
                    "Batches that a measurement takes, drawn at random, 0 for all; the last one takes as many as the"
                            + " training took, if there are so many (default ${DEFAULT-VALUE}).")
    int evalSteps = 20;

    @Option(
            names = "--log-interval",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Steps between two lines of progress where standard error is no terminal"
                    + " (default ${DEFAULT-VALUE}).")
    int logInterval = 100;

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description = "Samples to show at each measurement (default ${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            converter = Converters.FilePath.class,
            description =
                    "Write one JSON object a step, numbers in full precision (default: metrics.jsonl in the folder of"
                            + " the run, if there is a report).")
    private @Nullable Path metrics;

    @Option(
            names = "--report",
            negatable = true,
            description = "Write report.html, a page with curves (microgpt no, other presets yes).")
    private @Nullable Boolean report;

    /** Returns after how many steps each there is a checkpoint. */
    int checkpointInterval(Preset preset) {
        return checkpointInterval == null ? preset.checkpointInterval() : checkpointInterval;
    }

    boolean report(Preset preset) {
        return report == null ? preset != Preset.MICROGPT : report;
    }

    /** Returns the file for the metrics, or null for none. */
    @Nullable
    Path metrics(Preset preset, RunFolder folder) {
        return metrics == null && report(preset) ? folder.metrics() : metrics;
    }
}
