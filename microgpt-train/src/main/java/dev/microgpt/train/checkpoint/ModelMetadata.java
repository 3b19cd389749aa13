package dev.microgpt.train.checkpoint;

import dev.microgpt.model.Activation;
import dev.microgpt.model.AttentionScale;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.JsonFields;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads the metadata entries of a model: format version, configuration and tokenizer. */
final class ModelMetadata {
    /** The version of the format; it grows with each change that older programs cannot read correctly. */
    private static final int VERSION = 1;

    static final String FORMAT = "microgpt_format";
    static final String TOKENIZER = "tokenizer";
    static final String MODEL = "model";

    private ModelMetadata() {}

    static void put(Map<String, String> metadata, Gpt gpt) {
        checkNamed(gpt);
        metadata.put(FORMAT, Integer.toString(VERSION));
        metadata.put(MODEL, JsonFields.write(fields(gpt.config())));
    }

    /** Refuses a model with layers that the metadata cannot name: a file of it would be loaded as another function. */
    static void checkNamed(Gpt gpt) {
        if (gpt.hasOwnLayers()) {
            throw new IllegalArgumentException("checkpoint: the model has layers of an MlpFactory, but a file can only"
                    + " name the library's own, and would be loaded as another model; save the parameters with"
                    + " Safetensors.write, and create the model with the same factory to load them");
        }
    }

    /** Returns whether metadata may be those of a model of this version. */
    static boolean isOurs(Map<String, String> metadata) {
        return Integer.toString(VERSION).equals(metadata.get(FORMAT));
    }

    /** Checks the format version and reads the configuration. */
    static GptConfig config(Map<String, String> metadata) {
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
        return read(fields(metadata, MODEL));
    }

    static Tokenizer tokenizer(Map<String, String> metadata, GptConfig config) {
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

    private static String text(Map<String, String> metadata, String entry) {
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

    private static Map<String, @Nullable Object> fields(GptConfig config) {
        GptVariant variant = config.variant();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vocab_size", config.vocabSize());
        fields.put("n_layer", config.nLayer());
        fields.put("n_head", config.nHead());
        fields.put("n_embd", config.nEmbd());
        fields.put("block_size", config.blockSize());
        fields.put("n_inner", config.nInner());
        fields.put("norm", variant.norm().toString());
        fields.put("activation", variant.activation().toString());
        fields.put("bias", variant.bias());
        fields.put("tie_head", variant.tieHead());
        fields.put("embedding_norm", variant.embeddingNorm());
        fields.put("final_norm", variant.finalNorm());
        fields.put("dropout", variant.dropout());
        fields.put("initialization", variant.initialization().toString());
        fields.put("norm_eps", variant.normEps());
        fields.put("attention_scale", variant.attentionScale().toString());
        return fields;
    }

    private static GptConfig read(JsonFields fields) {
        int vocabSize = fields.integer("vocab_size");
        int nLayer = fields.integer("n_layer");
        int nHead = fields.integer("n_head");
        int nEmbd = fields.integer("n_embd");
        int blockSize = fields.integer("block_size");
        int nInner = fields.integer("n_inner");
        GptVariant variant = new GptVariant(
                fields.choice("norm", Norm.values()),
                fields.choice("activation", Activation.values()),
                fields.flag("bias"),
                fields.flag("tie_head"),
                fields.flag("embedding_norm"),
                fields.flag("final_norm"),
                fields.number("dropout"),
                fields.choice("initialization", Initialization.values()),
                fields.number("norm_eps"),
                fields.choice("attention_scale", AttentionScale.values()));
        fields.end();
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, nInner, variant);
    }
}
