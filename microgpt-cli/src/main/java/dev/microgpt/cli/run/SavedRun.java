package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.DataOptions;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A training run as a checkpoint holds it, and the data that it was trained on. */
public record SavedRun(Path file, Checkpoint checkpoint) {
    /** The hint about other data. */
    public static final String SAME_DATA =
            "give the same --data, read with the same --field, --separator, --glob and --special-tokens";

    /**
     * Reads a checkpoint.
     *
     * @param hint what to do with a model alone, which is refused
     */
    public static SavedRun load(Path file, String hint) throws IOException {
        try {
            return new SavedRun(file, RunFolder.read(file, Checkpoint::load));
        } catch (CheckpointException unfit) {
            if (Checkpoint.isIn(file)) {
                throw unfit;
            }
            TrainedModel.load(file); // says what is wrong with a file that is not a model either
            throw new CliException(ExitCode.CONTENT, String.valueOf(unfit.getMessage()), hint);
        }
    }

    /**
     * Reads the data, and refuses any other than the run was trained on so far.
     *
     * @param shuffle a generator with the seed of the run; shuffles documents
     * @param hint    what to do if it is other data
     */
    public TrainingData data(DataOptions options, PythonRandom shuffle, String hint) throws IOException {
        TrainingData texts;
        try {
            texts = read(options, shuffle, checkpoint.tokenizer());
        } catch (CliException | DataException unfit) {
            checkData(options, unfit, hint);
            throw unfit;
        }
        checkData(texts.sha256(), hint);
        return texts;
    }

    /** Returns whether the run was trained on the data that some options name. */
    public boolean isTrainedOn(DataOptions options) throws IOException {
        return sha256(options).equals(checkpoint.data().sha256());
    }

    private TrainingData read(DataOptions options, PythonRandom shuffle, @Nullable Tokenizer tokenizer)
            throws IOException {
        DataConfig stored = checkpoint.data();
        return options.readAgain(stored.format(), stored.valFraction(), shuffle, tokenizer);
    }

    /** Returns the hash of data that may have characters unknown to the model. */
    private String sha256(DataOptions options) throws IOException {
        return read(options, new PythonRandom(checkpoint.training().seed()), null)
                .sha256();
    }

    /** Other data often has characters unknown to the model; that it is other data is the better message. */
    private void checkData(DataOptions options, Exception unfit, String hint) throws IOException {
        String sha256;
        try {
            sha256 = sha256(options);
        } catch (CliException | DataException unfitForAnyModel) {
            unfit.addSuppressed(unfitForAnyModel);
            return;
        }
        checkData(sha256, hint);
    }

    private void checkData(String sha256, String hint) {
        String trainedOn = checkpoint.data().sha256();
        if (!sha256.equals(trainedOn)) {
            throw otherData("--data", sha256, file, trainedOn, hint);
        }
    }

    /** Returns the refusal of data that a checkpoint was not trained on. */
    static CliException otherData(String option, String sha256, Path file, String trainedOn, String hint) {
        return new CliException(
                ExitCode.CONTENT,
                option + " has SHA-256 " + sha256 + ", but " + file + " was trained on data with SHA-256 " + trainedOn,
                hint);
    }
}
