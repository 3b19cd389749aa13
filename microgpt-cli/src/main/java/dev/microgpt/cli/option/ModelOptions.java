package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Norm;
import dev.microgpt.model.setting.Providers;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options of the model: one for each of {@link GptConfig#SETTINGS}, and {@code --set} for the settings of any other
 * type of model. Those not given have the values of the preset.
 */
public final class ModelOptions {
    private final Map<Setting<?>, Object> given = new LinkedHashMap<>();

    /** The options of a command line; null while there is none, because describing them loads picocli. */
    private @Nullable ModelOptionSpecs specs;

    /** Describes the options, to be mixed into a command. */
    public CommandSpec spec() {
        specs = new ModelOptionSpecs(given);
        return specs.all();
    }

    static String name(Setting<?> setting) {
        return "--" + setting.name().replace('_', '-');
    }

    static String shortest(Settings settings, Setting<?> setting) {
        String text = settings.text(setting);
        return switch (setting.kind()) {
            case FLAG -> text.equals("true") ? "yes" : "no";
            case NUMBER -> text.replace(".0E", "e").replaceFirst("\\.0$", "");
            default -> text;
        };
    }

    /** Replaces the names of settings by those of their options. */
    static String withOptions(String text) {
        String replaced = text;
        for (Setting<?> setting : GptConfig.SETTINGS) {
            if (setting.name().indexOf('_') > 0) { // others are words of the text
                replaced = replaced.replace(setting.name(), name(setting));
            }
        }
        return replaced;
    }

    public Preset preset() {
        Preset preset = specs == null ? null : specs.preset();
        return preset == null ? Preset.MICROGPT : preset;
    }

    public boolean isPresetGiven() {
        return specs != null && specs.preset() != null;
    }

    private List<String> assignments() {
        return specs == null ? List.of() : specs.assignments();
    }

    private @Nullable String type() {
        return specs == null ? null : specs.type();
    }

    /**
     * Returns the options that shape the model, of those that are given, as they must not be if a checkpoint shapes it.
     * Dropout does not: it acts in training only.
     */
    public List<String> shaping() {
        List<String> names = new ArrayList<>();
        if (type() != null) {
            names.add("--model");
        }
        for (Setting<?> setting : given.keySet()) {
            if (setting != GptConfig.DROPOUT) {
                names.add(name(setting));
            }
        }
        if (!assignments().isEmpty()) {
            names.add("--set");
        }
        return names;
    }

    /** Returns whether an option asks for a model that is no GPT. */
    public boolean isOfAnotherType() {
        String type = type();
        return type != null && !type.equals(GptConfig.TYPE.name());
    }

    /** Returns the model for a vocabulary. */
    public ModelConfig config(int vocabSize) {
        ModelConfig gpt = preset().model(vocabSize);
        String type = type();
        return config(type == null ? gpt : ofType(type, gpt));
    }

    private static ModelConfig ofType(String type, ModelConfig gpt) {
        ModelType named;
        try {
            named = ModelConfig.type(type);
        } catch (IllegalArgumentException unknown) {
            if (Providers.isDotted(type)) {
                throw Converters.refused(unknown);
            }
            throw new CliException(
                    ExitCode.USAGE,
                    "--" + unknown.getMessage(),
                    "sizes are chosen by --preset, and --init-from begins with the model of a checkpoint");
        }
        return named == GptConfig.TYPE ? gpt : ModelConfig.of(named, gpt.vocabSize(), gpt.blockSize());
    }

    /** Returns a model with the values of all given options, except the preset, in place of its own. */
    public ModelConfig config(ModelConfig base) {
        Settings settings = changed(base);
        try {
            ModelConfig config = base.with(settings);
            config.checkFits();
            askParts(config);
            return config;
        } catch (IllegalArgumentException contradiction) {
            throw new CliException(ExitCode.USAGE, withOptions(String.valueOf(contradiction.getMessage())), null);
        }
    }

    /** Parts and models of others find out when they are created that settings do not fit together. */
    private static void askParts(ModelConfig config) {
        if (!config.outside().isEmpty()) {
            (config instanceof GptConfig gpt ? gpt.withLayers(1) : config).shapes();
        }
    }

    private Settings changed(ModelConfig base) {
        Settings settings = base.settings();
        for (Setting<?> setting : GptConfig.SETTINGS) { // in this order, since a default may depend on an earlier one
            Object value = given.get(setting);
            if (value != null) {
                checkHas(base, setting);
                settings = settings.withValue(setting, value);
            }
        }
        boolean isGpt = base instanceof GptConfig;
        if (isGpt && given.get(GptConfig.BIAS) instanceof Boolean bias && !given.containsKey(GptConfig.NORM)) {
            settings = withNormOf(bias, settings);
        }
        for (Map.Entry<String, String> assignment : assigned().entrySet()) {
            try {
                settings = settings.with(assignment.getKey(), assignment.getValue());
            } catch (IllegalArgumentException refused) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--set " + assignment.getKey() + "=" + assignment.getValue() + ": " + refused.getMessage(),
                        null);
            }
        }
        return settings;
    }

    private static void checkHas(ModelConfig base, Setting<?> setting) {
        if (!base.settings().list().contains(setting)) {
            throw new CliException(
                    ExitCode.USAGE,
                    name(setting) + " is an option of the model gpt, but the model is "
                            + base.type().name(),
                    "give the settings of that model with --set; they are "
                            + base.settings().list());
        }
    }

    /** Returns the values of {@code --set} by their names. */
    private Map<String, String> assigned() {
        Map<String, String> assigned = new LinkedHashMap<>();
        for (String assignment : assignments()) {
            int equals = assignment.indexOf('=');
            if (equals < 0) {
                throw new CliException(ExitCode.USAGE, "--set must be NAME=VALUE, but is \"" + assignment + "\"", null);
            }
            String name = assignment.substring(0, equals);
            if (name.equals(ModelConfig.VOCAB_SIZE.name())) {
                throw new CliException(
                        ExitCode.USAGE, "--set cannot be used for " + name + ", which the data determines", null);
            }
            if (assigned.put(name, assignment.substring(equals + 1)) != null) {
                throw new CliException(
                        ExitCode.USAGE, "--set " + name + " must be given only once, but is given twice", null);
            }
        }
        return assigned;
    }

    /** As in nanoGPT, --bias applies to layer norms as well. */
    private static Settings withNormOf(boolean bias, Settings settings) {
        Norm norm = settings.get(GptConfig.NORM);
        boolean isLayerNorm = norm == Norm.LAYER || norm == Norm.LAYER_BIAS;
        return isLayerNorm ? settings.with(GptConfig.NORM, bias ? Norm.LAYER_BIAS : Norm.LAYER) : settings;
    }

    /** Returns the model of a checkpoint, with the dropout of the option if it is given. */
    public ModelConfig continued(ModelConfig stored) {
        Object dropout = given.get(GptConfig.DROPOUT);
        if (dropout == null) {
            return stored;
        }
        checkHas(stored, GptConfig.DROPOUT);
        return stored.with(stored.settings().withValue(GptConfig.DROPOUT, dropout));
    }

    /**
     * Returns the first option that asks for another value than a model has, with both values, or null.
     *
     * @param stored the model of a checkpoint
     */
    public @Nullable Difference difference(ModelConfig stored) {
        String type = type();
        if (type != null && !stored.type().name().equals(type)) {
            return new Difference("--model", type, stored.type().name());
        }
        Settings wanted = config(stored).settings();
        for (Setting<?> setting : stored.settings().list()) {
            String found = stored.settings().text(setting);
            boolean isAssigned = assigned().containsKey(setting.name());
            if ((isAssigned || given.containsKey(setting))
                    && !wanted.text(setting).equals(found)) {
                return new Difference(isAssigned ? "--set " + setting : name(setting), wanted.text(setting), found);
            }
        }
        return null;
    }

    /** An option that asks for another value than a model has. */
    public record Difference(String option, String given, String stored) {}
}
