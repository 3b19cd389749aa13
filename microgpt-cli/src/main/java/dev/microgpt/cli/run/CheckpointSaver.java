package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves a run, and where that fails says what is lost. */
final class CheckpointSaver {
    private final RunFolder folder;
    private final TrainingConfig config;
    private final TrainingData data;
    private final RunState start;
    private final String goOn;
    private int savedStep;

    /**
     * @param start the model and the optimizer that are trained, and the step they begin at
     * @param goOn  the command by which the run goes on
     */
    CheckpointSaver(RunFolder folder, TrainingConfig config, TrainingData data, RunState start, String goOn) {
        this.folder = folder;
        this.config = config;
        this.data = data;
        this.start = start;
        this.goOn = goOn;
        savedStep = start.step();
    }

    /**
     * Saves the state after a step.
     *
     * @throws CliException if the model is not finite, or the file cannot be written; an older one of its name is then kept
     */
    void save(Path file, int step, double bestLoss) throws IOException {
        DataConfig trainedOn = new DataConfig(data.format(), data.valFraction(), data.sha256());
        Checkpoint checkpoint = new Checkpoint(
                config,
                data.tokenizer(),
                start.gpt(),
                start.adam(),
                step,
                start.random().state(),
                trainedOn,
                bestLoss);
        try {
            checkpoint.save(file);
        } catch (IllegalStateException notFinite) {
            throw diverged(notFinite);
        } catch (IOException failure) {
            throw failed(file, step, failure);
        }
        folder.replaceFormer(file);
        savedStep = step;
    }

    /** What is wrong where the numbers of a model are not. */
    static CliException diverged(RuntimeException cause) {
        return new CliException(
                ExitCode.DIVERGED,
                "training diverged in its last step: " + cause.getMessage(),
                "lower --learning-rate");
    }

    private CliException failed(Path file, int step, IOException failure) {
        CliException told = Files.isDirectory(folder.path())
                ? new CliException(
                        ExitCode.IO,
                        file + ": step " + step + " of " + config.steps() + " could not be saved: " + reason(failure)
                                + space(),
                        hint())
                : new CliException(
                        ExitCode.IO,
                        "--out " + folder.path() + ": found the folder removed, expected to save step " + step + " of "
                                + config.steps() + " in it",
                        "what was saved in it is gone with it, and the training since; begin the run again");
        told.initCause(failure);
        return told;
    }

    private static String reason(IOException failure) {
        String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return reason == null ? Failures.describe(failure) : reason;
    }

    private String space() {
        long needed = RunFolder.checkpointBytes(start.gpt().parameters().count());
        long free = folder.path().toFile().getUsableSpace();
        return " (it takes about " + Format.grouped(needed) + " bytes, " + Format.grouped(free) + " are free)";
    }

    private String hint() {
        return savedStep == 0
                ? "nothing of this run is saved; when the cause is mended, begin it again"
                : "what comes after step " + savedStep + " is lost; when the cause is mended, go on: " + goOn;
    }
}
