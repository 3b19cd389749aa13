package dev.microgpt.train;

import dev.microgpt.model.Activation;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The size of a model and what it is made of, as fields of a checkpoint. */
final class ModelMetadata {
    private ModelMetadata() {}

    static Map<String, @Nullable Object> fields(GptConfig config) {
        GptVariant variant = config.variant();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vocab_size", config.vocabSize());
        fields.put("n_layer", config.nLayer());
        fields.put("n_head", config.nHead());
        fields.put("n_embd", config.nEmbd());
        fields.put("block_size", config.blockSize());
        fields.put("norm", variant.norm().toString());
        fields.put("activation", variant.activation().toString());
        fields.put("bias", variant.bias());
        fields.put("tie_head", variant.tieHead());
        fields.put("embedding_norm", variant.embeddingNorm());
        fields.put("final_norm", variant.finalNorm());
        fields.put("dropout", variant.dropout());
        fields.put("initialization", variant.initialization().toString());
        return fields;
    }

    static GptConfig read(JsonFields fields) {
        int vocabSize = fields.integer("vocab_size");
        int nLayer = fields.integer("n_layer");
        int nHead = fields.integer("n_head");
        int nEmbd = fields.integer("n_embd");
        int blockSize = fields.integer("block_size");
        GptVariant variant = new GptVariant(
                fields.choice("norm", Norm.values()),
                fields.choice("activation", Activation.values()),
                fields.flag("bias"),
                fields.flag("tie_head"),
                fields.flag("embedding_norm"),
                fields.flag("final_norm"),
                fields.number("dropout"),
                fields.choice("initialization", Initialization.values()));
        fields.end();
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, variant);
    }
}
