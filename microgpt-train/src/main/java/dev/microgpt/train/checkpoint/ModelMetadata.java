package dev.microgpt.train.checkpoint;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.JsonFields;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes and reads the metadata entries of a model: format version, configuration and tokenizer. */
final class ModelMetadata {
    /** The version of the format; it grows with each change that older programs cannot read correctly. */
    private static final int VERSION = 1;

    static final String FORMAT = "microgpt_format";
    static final String TOKENIZER = "tokenizer";
    static final String MODEL = "model";

    /** Names the type of a model that is no GPT. */
    private static final String TYPE = "type";

    private static final Pattern NAME = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}\"]{0,1000}");

    /** The settings that older programs require; any later one is written only if it does not have its default. */
    private static final Set<String> ALWAYS = Set.of(
            "vocab_size",
            "n_layer",
            "n_head",
            "n_embd",
            "block_size",
            "n_inner",
            "norm",
            "activation",
            "bias",
            "tie_head",
            "embedding_norm",
            "final_norm",
            "dropout",
            "initialization",
            "norm_eps",
            "attention_scale");

    private ModelMetadata() {}

    static void put(Map<String, String> metadata, LanguageModel model) {
        checkStorable(model.config());
        metadata.put(FORMAT, Integer.toString(VERSION));
        metadata.put(MODEL, JsonFields.write(fields(model.config())));
        OutsideParts.put(metadata, model);
    }

    /**
     * Refuses a model that could not be created again from its names: a file of it would be loaded as another function.
     */
    static void checkStorable(ModelConfig config) {
        OutsideParts.checkFound(config.type());
        for (Setting<?> setting : config.settings().notStorable()) {
            String part = config.settings().text(setting);
            throw new IllegalArgumentException("checkpoint: the model has " + part + " as " + setting
                    + ", which is not found by its name when the file is loaded; give the part a dotted name and list"
                    + " its class as a service in META-INF/services, or save the parameters alone with"
                    + " Safetensors.write");
        }
        OutsideParts.checkVersions(config);
    }

    /** Returns whether metadata may be those of a model of this version. */
    static boolean isOurs(Map<String, String> metadata) {
        return Integer.toString(VERSION).equals(metadata.get(FORMAT));
    }

    /** Checks the format version and reads the configuration. */
    static ModelConfig config(Map<String, String> metadata) {
        checkVersion(metadata);
        ModelConfig config;
        try {
            config = read(fields(metadata, MODEL));
        } catch (IllegalArgumentException refused) {
            throw OutsideParts.withVersions(metadata, refused);
        }
        OutsideParts.checkVersions(metadata, config);
        return config;
    }

    /** Refuses files of other programs and versions. */
    static void checkVersion(Map<String, String> metadata) {
        String version = metadata.get(FORMAT);
        if (version == null) {
            throw new IllegalArgumentException(
                    "this is not a checkpoint of microgpt, whose metadata must have the entry " + Quoted.of(FORMAT));
        }
        if (!version.equals(Integer.toString(VERSION))) {
            boolean isNewer = version.matches("[1-9]\\d{0,8}");
            throw new IllegalArgumentException("the format version is " + Quoted.plain(version) + ", but must be "
                    + VERSION + (isNewer ? "; the file was written by a newer version of microgpt, use that" : ""));
        }
    }

    static Tokenizer tokenizer(Map<String, String> metadata, ModelConfig config) {
        String where = where(TOKENIZER);
        Tokenizer tokenizer = TokenizerJson.read(where, Json.readObject(where, text(metadata, TOKENIZER)));
        if (tokenizer.vocabSize() > config.vocabSize()) {
            throw new IllegalArgumentException("metadata: the tokenizer has " + tokenizer.vocabSize()
                    + " tokens, but must have at most " + config.vocabSize() + ", the number of the model");
        }
        return tokenizer;
    }

    /** Reads a required entry. */
    static JsonFields fields(Map<String, String> metadata, String entry) {
        return JsonFields.read(where(entry), text(metadata, entry));
    }

    static String text(Map<String, String> metadata, String entry) {
        String text = metadata.get(entry);
        if (text == null) {
            throw new IllegalArgumentException(
                    "metadata: the entry " + Quoted.of(entry) + " is missing, but must be there");
        }
        return text;
    }

    private static String where(String entry) {
        return "metadata " + Quoted.of(entry);
    }

    static Map<String, @Nullable Object> fields(ModelConfig config) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (config.type() != GptConfig.TYPE) {
            fields.put(TYPE, config.type().name());
        }
        Settings settings = config.settings();
        for (Setting<?> setting : settings.list()) {
            if (ALWAYS.contains(setting.name()) || !settings.isUsual(setting)) {
                fields.put(setting.name(), settings.stored(setting));
            }
        }
        return fields;
    }

    private static ModelConfig read(JsonFields fields) {
        ModelType type = fields.has(TYPE) ? ModelConfig.type(name(fields, TYPE)) : GptConfig.TYPE;
        if (type == GptConfig.TYPE && fields.has(TYPE)) {
            throw new IllegalArgumentException(
                    where(MODEL) + ": the type is gpt, but the field must be there only for another");
        }
        ModelConfig usual = ModelConfig.of(type);
        Settings settings = usual.settings();
        for (Setting<?> setting : settings.list()) {
            String name = setting.name();
            if (ALWAYS.contains(name) || fields.has(name)) {
                settings = settings.withStored(setting, stored(fields, setting));
            }
        }
        String unknown = fields.unknown();
        if (unknown != null) {
            throw new IllegalArgumentException(where(MODEL) + ": the setting " + Quoted.of(unknown) + " is unknown"
                    + (type == GptConfig.TYPE
                            ? "; the file was written by a newer version of microgpt, use that"
                            : " to the model " + type.name() + "; use the jar that the model was trained with"));
        }
        ModelConfig config = usual.with(settings);
        config.checkFits();
        return config;
    }

    private static Object stored(JsonFields fields, Setting<?> setting) {
        return switch (setting.kind()) {
            case INTEGER -> fields.integer(setting.name());
            case NUMBER -> fields.number(setting.name());
            case FLAG -> fields.flag(setting.name());
            case NAME -> name(fields, setting.name());
        };
    }

    /** Reads the name of a type, or that of a part with its settings; messages quote it. */
    private static String name(JsonFields fields, String field) {
        String text = fields.text(field);
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(where(MODEL) + ", field " + Quoted.of(field) + ": found "
                    + Quoted.of(text) + ", expected a name of printable characters, with any settings in parentheses");
        }
        return text;
    }
}
