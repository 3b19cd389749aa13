package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves the checkpoints of a run; an error says which steps are lost. */
final class CheckpointSaver {
    private final RunFolder folder;
    private final TrainingConfig config;
    private final TrainingData data;
    private final RunState start;
    private final String resumeCommand;
    private int savedStep;

    /**
     * @param start         the model and optimizer that are trained, and the step at which training starts
     * @param resumeCommand the command line that resumes the run
     */
    CheckpointSaver(RunFolder folder, TrainingConfig config, TrainingData data, RunState start, String resumeCommand) {
        this.folder = folder;
        this.config = config;
        this.data = data;
        this.start = start;
        this.resumeCommand = resumeCommand;
        savedStep = start.step();
    }

    /**
     * Saves the state after a step.
     *
     * @param stalled    the evaluations in a row, up to earlier steps, without a lower validation loss
     * @param endedEarly whether the run ends for that reason
     * @throws CliException if the model is not finite or the file cannot be written; an existing file is kept
     */
    void save(Path file, int step, double bestLoss, int stalled, boolean endedEarly) throws IOException {
        DataConfig trainedOn = new DataConfig(data.format(), data.valFraction(), data.sha256());
        Checkpoint checkpoint = new Checkpoint(
                config,
                data.tokenizer(),
                start.model(),
                start.optimizer(),
                step,
                start.random().state(),
                trainedOn,
                bestLoss,
                start.extensions(),
                stalled,
                endedEarly);
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

    /** Returns the error for a model with weights or logits that are not finite. */
    static CliException diverged(RuntimeException cause) {
        return new CliException(
                ExitCode.DIVERGED,
                "training diverged in its last step: " + cause.getMessage(),
                "lower --learning-rate");
    }

    private CliException failed(Path file, int step, IOException failure) {
        CliException explained = Files.isDirectory(folder.workPath())
                ? new CliException(
                        ExitCode.IO,
                        file + ": step " + step + " of " + config.steps() + " could not be saved: "
                                + reason(file, failure) + space(),
                        hint(step))
                : new CliException(
                        ExitCode.IO,
                        "--out " + folder.path() + ": the folder was removed, so step " + step + " of " + config.steps()
                                + " could not be saved",
                        "the checkpoints in it are lost; start the run again");
        explained.initCause(failure);
        return explained;
    }

    private static String reason(Path file, IOException failure) {
        String reason = SystemReason.of(failure, file);
        return reason.startsWith("must ") ? "it " + reason : reason;
    }

    private String space() {
        long needed = RunFolder.checkpointBytes(start.model().parameters().count());
        long free = folder.path().toFile().getUsableSpace();
        return " (it needs about " + Format.grouped(needed) + " bytes, " + Format.grouped(free) + " are free)";
    }

    private String hint(int step) {
        if (savedStep == step) {
            return "nothing is lost, because step " + step + " is saved; fix the cause and resume with: "
                    + resumeCommand;
        }
        return savedStep == 0
                ? "nothing of this run has been saved; fix the cause and start it again"
                : "all steps after step " + savedStep + " are lost; fix the cause and resume with: " + resumeCommand;
    }
}
