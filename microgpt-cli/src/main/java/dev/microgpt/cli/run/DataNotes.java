package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.budget.TimeBudget;
import dev.microgpt.train.data.ValidationSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes about data that is too small for the model, the number of steps or the block. */
final class DataNotes {
    private DataNotes() {}

    /** Returns the notes before a run, usually none. */
    static List<String> of(
            TrainingData data, TrainingConfig config, LanguageModel model, @Nullable ValidationSet validation) {
        List<String> notes = new ArrayList<>();
        int blockSize = model.config().blockSize();
        double sequences = (double) config.steps() * config.batchSize() * config.gradientAccumulationSteps();
        double passes = data.passes(sequences, blockSize);
        if (passes > TimeBudget.MOST_PASSES) { // only then are the tokens of documents counted
            long tokens = data.trainingTokens(blockSize);
            long parameters = model.parameters().count();
            if (tokens < parameters) {
                notes.add("there are " + Format.grouped(tokens) + " training tokens for a model of "
                        + Format.grouped(parameters) + " parameters, which sees each of them "
                        + Format.grouped(Math.round(passes))
                        + " times and may learn them by heart; provide more data, or lower --steps or the size of the"
                        + " model");
            }
        }
        if (validation != null && validation.tokens() < blockSize) {
            notes.add("the validation split has " + validation.tokens() + " tokens to predict, less than a block of "
                    + blockSize + ", so its loss says little; raise --val-fraction, or provide more data");
        }
        return notes;
    }
}
