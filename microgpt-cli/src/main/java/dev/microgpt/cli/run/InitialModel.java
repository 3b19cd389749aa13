package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.ModelOptions;
import dev.microgpt.cli.option.Preset;
import dev.microgpt.cli.option.TrainingOptions;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The model that {@code --init-from} names. A run that starts from it inherits the settings and the validation split of
 * the run that trained it: options come first, then a given preset, then the checkpoint.
 *
 * @param settings the settings in the file, or null if it has a model alone
 */
public record InitialModel(
        Path file, TrainedModel model, @Nullable RunSettings settings) {
    public static InitialModel read(Path file) throws IOException {
        return new InitialModel(file, TrainedModel.load(file), RunSettings.in(file));
    }

    /** Returns the settings of the run. The seed is inherited in any case: it determines the split of documents. */
    public TrainingConfig training(TrainingOptions options, ModelOptions model) {
        TrainingConfig own = inherited();
        return options.config(model.isPresetGiven() ? model.preset().training().withSeed(own.seed()) : own);
    }

    private TrainingConfig inherited() {
        return settings == null ? TrainingConfig.fineTuning() : settings.training();
    }

    public double valFraction() {
        return settings == null
                ? Preset.usualFor(model.format()).valFraction()
                : settings.data().valFraction();
    }

    /** Says in one line which settings are inherited, and notes if the run trains on what was held out before. */
    public void describe(
            Terminal terminal, TrainingConfig training, ModelConfig config, TrainingData data, boolean isDataGiven)
            throws IOException {
        Map<String, String> own = all(inherited(), model.model().config(), valFraction());
        Map<String, String> actual = all(training, config, data.valFraction());
        StringJoiner same = new StringJoiner(" ");
        for (Map.Entry<String, String> setting : own.entrySet()) {
            if (setting.getValue().equals(actual.get(setting.getKey()))) {
                same.add("--" + setting.getKey().replace('_', '-') + " " + setting.getValue());
            }
        }
        if (settings == null) {
            terminal.say(
                    file + " records no training settings; of the defaults for fine-tuning, this run uses " + same);
            return;
        }
        terminal.say("inherited from " + file + ": " + same);
        String difference = difference(training, data);
        if (isDataGiven && difference == null) {
            return; // without a hash of the data, which may take long
        }
        boolean isSameData = settings.data().sha256().equals(data.sha256());
        if (isSameData && difference != null) {
            terminal.say(
                    "note: " + difference + ", so this run trains on data that is in the validation split of " + file);
        } else if (!isSameData && !isDataGiven) {
            terminal.say("note: --data is not given, so this run uses the bundled names, on which " + file
                    + " was not trained");
        }
    }

    private static Map<String, String> all(TrainingConfig training, ModelConfig config, double valFraction) {
        Map<String, String> all = Settings.of(training);
        if (config instanceof GptConfig) {
            all.put("dropout", config.settings().text(GptConfig.DROPOUT));
        }
        all.put("val_fraction", Double.toString(valFraction));
        return all;
    }

    /** Returns why another part of the same data is held out, or null if none of the held-out part is trained on. */
    private @Nullable String difference(TrainingConfig training, TrainingData data) {
        double fraction = settings == null ? 0 : settings.data().valFraction();
        long seed = inherited().seed();
        if (fraction == 0) {
            return null;
        }
        if (data.format() != model.format()) {
            return "--format is " + data.format() + " instead of " + model.format();
        }
        if (data.valFraction() < fraction) {
            return "--val-fraction is " + data.valFraction() + " instead of " + fraction;
        }
        boolean shuffled = data.format() == DataFormat.DOCUMENTS && training.seed() != seed;
        return shuffled
                ? "--seed, which shuffles the documents, is " + Long.toUnsignedString(training.seed()) + " instead of "
                        + Long.toUnsignedString(seed)
                : null;
    }
}
