package dev.microgpt.cli.run;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentCorpus;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents that a model was trained on. */
public final class TrainingDocuments {
    private TrainingDocuments() {}

    /**
     * Reads them, and refuses any others than the checkpoint was trained on. The hash says whether it was trained with
     * special tokens; the documents are the same.
     *
     * @param data the options of the data
     * @return the training split; null for a model of text, or if they are not the bundled names
     */
    public static @Nullable List<String> of(TrainedModel model, CheckpointOption checkpoint, TrainedOn data)
            throws IOException {
        if (model.format() != DataFormat.DOCUMENTS) {
            if (data.path() != null) {
                throw new CliException(
                        ExitCode.USAGE,
                        data.option() + " finds copies of documents, but " + checkpoint.path()
                                + " was trained on one text",
                        "leave out " + data.option());
            }
            return null;
        }
        RunSettings run = checkpoint.read(RunSettings::in);
        if (run == null && data.path() == null) {
            return null;
        }
        double valFraction = run == null ? 0 : run.data().valFraction(); // of a model alone it is not known
        PythonRandom shuffle = new PythonRandom(run == null ? 0 : run.training().seed());
        Documents documents = data.documents();
        List<String> training =
                DocumentCorpus.of(documents, shuffle, valFraction, null).training();
        String trainedOn = run == null ? documents.sha256() : run.data().sha256();
        if (!trainedOn.equals(documents.sha256()) && !trainedOn.equals(documents.sha256WithSpecialTokens())) {
            if (data.path() == null) {
                return null;
            }
            throw SavedRun.otherData(
                    data.option(),
                    documents.sha256(),
                    checkpoint.path(),
                    trainedOn,
                    "give the same " + data.option() + ", read with the same --field, --separator and --glob");
        }
        return training;
    }
}
