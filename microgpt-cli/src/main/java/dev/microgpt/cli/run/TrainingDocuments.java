package dev.microgpt.cli.run;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.SpecialTokensOption;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents that a model was trained on. */
public final class TrainingDocuments {
    private TrainingDocuments() {}

    /**
     * Reads them, and refuses any others than the checkpoint was trained on.
     *
     * @param data the options of the data
     * @return the training split; null for a model of text, or if they are not the bundled names
     */
    public static @Nullable List<String> of(
            TrainedModel model, CheckpointOption checkpoint, TrainedOn data, SpecialTokensOption specials)
            throws IOException {
        if (model.format() != DataFormat.DOCUMENTS) {
            if (data.path() != null) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--data finds copies of documents, but " + checkpoint.path() + " was trained on one text",
                        "leave out --data");
            }
            return null;
        }
        RunSettings run = checkpoint.read(RunSettings::in);
        if (run == null && data.path() == null) {
            return null;
        }
        double valFraction = run == null ? 0 : run.data().valFraction(); // of a model alone it is not known
        PythonRandom shuffle = new PythonRandom(run == null ? 0 : run.training().seed());
        DocumentData documents =
                (DocumentData) data.options(specials).readAgain(DataFormat.DOCUMENTS, valFraction, shuffle, null);
        if (run != null && !run.data().sha256().equals(documents.sha256())) {
            if (data.path() == null) {
                return null;
            }
            throw SavedRun.otherData(
                    documents.sha256(), checkpoint.path(), run.data().sha256(), SavedRun.SAME_DATA);
        }
        return documents.training();
    }
}
