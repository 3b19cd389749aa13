package dev.microgpt.train.huggingface;

import dev.microgpt.model.Activation;
import dev.microgpt.model.AttentionScale;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} of a GPT-2 in Hugging Face's transformers.
 *
 * <p>The five sizes are required; any other absent key has the default of transformers. Unknown keys are ignored,
 * because every version of transformers adds some; all keys that would change the results are known.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Config">GPT2Config</a>
 */
final class Gpt2Config {
    static final String FILE = "config.json";
    private static final String MODEL_TYPE = "gpt2";
    private static final double DROPOUT = 0.1;

    /** The activation functions by the names transformers gives them; the first name of each is written. */
    private static final Map<String, Activation> ACTIVATIONS = activations();

    /** The settings that the file can express, in some of their values; any other must have its default. */
    private static final List<Setting<?>> EXPRESSIBLE = List.of(
            GptConfig.VOCAB_SIZE,
            GptConfig.BLOCK_SIZE,
            GptConfig.N_LAYER,
            GptConfig.N_HEAD,
            GptConfig.N_EMBD,
            GptConfig.N_INNER,
            GptConfig.NORM,
            GptConfig.NORM_EPS,
            GptConfig.EMBEDDING_NORM,
            GptConfig.FINAL_NORM,
            GptConfig.ACTIVATION,
            GptConfig.BIAS,
            GptConfig.TIE_HEAD,
            GptConfig.DROPOUT,
            GptConfig.INITIALIZATION,
            GptConfig.ATTENTION_SCALE);

    private final String where;
    private final Map<String, @Nullable Object> values;

    private Gpt2Config(String where, Map<String, @Nullable Object> values) {
        this.where = where;
        this.values = values;
    }

    private static Map<String, Activation> activations() {
        Map<String, Activation> activations = new LinkedHashMap<>();
        activations.put("gelu_new", Activation.GELU_TANH);
        activations.put("gelu_pytorch_tanh", Activation.GELU_TANH);
        activations.put("gelu_python_tanh", Activation.GELU_TANH);
        activations.put("gelu_accurate", Activation.GELU_TANH);
        activations.put("gelu_fast", Activation.GELU_TANH);
        activations.put("gelu", Activation.GELU);
        activations.put("gelu_python", Activation.GELU);
        activations.put("relu", Activation.RELU);
        return activations;
    }

    static Gpt2Config read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String where = file.toString();
        try (InputStream in = OrdinaryFile.open(file)) {
            return new Gpt2Config(where, Json.readSmallObject(where, in));
        } catch (IllegalArgumentException wrong) {
            throw new HuggingFaceException(String.valueOf(wrong.getMessage()), wrong);
        } catch (NoSuchFileException missing) {
            if (Files.isDirectory(folder)) {
                throw new HuggingFaceException(folder + ": the folder of a model must have a " + FILE
                        + ", but there is none; is it the right folder?");
            }
            throw missing;
        }
    }

    /** Returns the configuration of the model that the file describes. */
    GptConfig model() throws HuggingFaceException {
        checkKind();
        Gpt2ConfigKeys.checkSpelling(where, values.keySet());
        try {
            GptConfig config = variant()
                    .withVocabSize(size(2, "vocab_size"))
                    .withSizes(
                            size(1, "n_layer", "num_hidden_layers"),
                            size(1, "n_head", "num_attention_heads"),
                            size(1, "n_embd", "hidden_size"),
                            positions());
            config = values.get("n_inner") == null ? config : config.withInner(size(1, "n_inner"));
            config.checkFits();
            return config;
        } catch (IllegalArgumentException contradiction) {
            throw new HuggingFaceException(where + ": " + contradiction.getMessage(), contradiction);
        }
    }

    /** Returns the id of EOS, or else of BOS, or null if the file has neither. */
    @Nullable
    Integer endOfText() throws HuggingFaceException {
        for (String key : new String[] {"eos_token_id", "bos_token_id"}) {
            if (values.get(key) instanceof BigInteger) {
                return integer(key, Integer.MIN_VALUE, "a whole number of 32 bits");
            }
        }
        return null;
    }

    /** Returns whether the file names GPT-2 as the type of the model. */
    boolean isGpt2() {
        Object kind = values.get("model_type");
        return MODEL_TYPE.equals(kind)
                || kind == null
                        && values.get("architectures") instanceof List<?> classes
                        && classes.contains("GPT2LMHeadModel");
    }

    private void checkKind() throws HuggingFaceException {
        if (!isGpt2()) {
            throw wrong("model_type", "\"gpt2\", the only model type that can be imported");
        }
        if (flag("add_cross_attention", false)) {
            throw wrong(
                    "add_cross_attention", "false; models that attend to the output of an encoder are not supported");
        }
        if (values.get("quantization_config") != null) {
            throw wrong("quantization_config", "none; import the model as it was before quantization");
        }
        Object pruned = values.get("pruned_heads");
        if (pruned != null && !(pruned instanceof Map<?, ?> heads && heads.isEmpty())) {
            throw wrong("pruned_heads", "none; layers with fewer attention heads than others are not supported");
        }
    }

    private GptConfig variant() throws HuggingFaceException {
        return GptConfig.microgpt(2)
                .withNorm(Norm.LAYER_BIAS)
                .withActivation(activation())
                .with(GptConfig.BIAS, true)
                .with(GptConfig.TIE_HEAD, flag("tie_word_embeddings", true))
                .with(GptConfig.EMBEDDING_NORM, false)
                .with(GptConfig.FINAL_NORM, true)
                .with(GptConfig.DROPOUT, dropout())
                .with(GptConfig.INITIALIZATION, Initialization.GPT2)
                .with(GptConfig.NORM_EPS, normEps())
                .with(
                        GptConfig.ATTENTION_SCALE,
                        scale(flag("scale_attn_weights", true), flag("scale_attn_by_inverse_layer_idx", false)));
    }

    private Activation activation() throws HuggingFaceException {
        String key = "activation_function";
        if (!values.containsKey(key)) {
            return Activation.GELU_TANH;
        }
        Activation activation = values.get(key) instanceof String name ? ACTIVATIONS.get(name) : null;
        if (activation == null) {
            throw wrong(key, "one of " + String.join(", ", ACTIVATIONS.keySet()));
        }
        return activation;
    }

    private double normEps() throws HuggingFaceException {
        double eps = number("layer_norm_epsilon", 1e-5);
        if (!(eps > 0)) {
            throw wrong("layer_norm_epsilon", "a number above 0");
        }
        return eps;
    }

    /** Models here have one dropout rate: that of the residual branches, to which most dropouts belong. */
    private double dropout() throws HuggingFaceException {
        number("embd_pdrop", DROPOUT);
        number("attn_pdrop", DROPOUT);
        double dropout = number("resid_pdrop", DROPOUT);
        if (!(dropout >= 0 && dropout < 1)) {
            throw wrong("resid_pdrop", "a number from 0 to below 1");
        }
        return dropout;
    }

    private static AttentionScale scale(boolean byHead, boolean byLayer) {
        if (byHead) {
            return byLayer ? AttentionScale.HEAD_AND_LAYER : AttentionScale.HEAD;
        }
        return byLayer ? AttentionScale.LAYER : AttentionScale.NONE;
    }

    /** The oldest files have the block size as {@code n_ctx} only; newer ones may have it, too, without effect. */
    private int positions() throws HuggingFaceException {
        boolean isOld = !values.containsKey("n_positions") && !values.containsKey("max_position_embeddings");
        return isOld && values.containsKey("n_ctx")
                ? size(1, "n_ctx")
                : size(1, "n_positions", "max_position_embeddings");
    }

    /** Returns a required integer that has one of several names, or the same value under each of them. */
    private int size(int least, String... names) throws HuggingFaceException {
        String first = null;
        for (String name : names) {
            if (first == null && values.containsKey(name)) {
                first = name;
            } else if (values.containsKey(name) && !Objects.equals(values.get(name), values.get(first))) {
                throw wrong(
                        name,
                        Quoted.value(values.get(first)) + ", the value of " + Quoted.of(first)
                                + ", of which it is another name; remove the wrong one");
            }
        }
        if (first == null) {
            throw wrong(names[0], "a whole number; sizes have no default here");
        }
        return integer(first, least, "a whole number of 32 bits, at least " + least);
    }

    private int integer(String name, int least, String expected) throws HuggingFaceException {
        if (values.get(name) instanceof BigInteger number
                && number.bitLength() < Integer.SIZE
                && number.intValue() >= least) {
            return number.intValue();
        }
        throw wrong(name, expected);
    }

    private double number(String name, double absent) throws HuggingFaceException {
        if (!values.containsKey(name)) {
            return absent;
        }
        if (values.get(name) instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(name, "a finite number");
    }

    private boolean flag(String name, boolean absent) throws HuggingFaceException {
        if (!values.containsKey(name)) {
            return absent;
        }
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    private HuggingFaceException wrong(String key, String expected) {
        String found = values.containsKey(key) ? Quoted.value(values.get(key)) : "nothing";
        return new HuggingFaceException(
                where + ", field " + Quoted.of(key) + ": found " + found + ", expected " + expected);
    }

    /**
     * Returns the fields of the file for a model.
     *
     * @param endOfText the id of the token that separates texts, or null for none
     * @param type      PyTorch's name for the number type of the weights
     * @throws IllegalArgumentException if the model has a part that GPT-2 lacks; the message names it
     */
    static Map<String, @Nullable Object> fields(GptConfig config, @Nullable Integer endOfText, String type) {
        checkExpressible(config);
        AttentionScale scale = config.get(GptConfig.ATTENTION_SCALE);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("activation_function", name(config.activation()));
        fields.put("architectures", List.of("GPT2LMHeadModel"));
        fields.put("attn_pdrop", config.get(GptConfig.DROPOUT));
        fields.put("bos_token_id", endOfText);
        fields.put("embd_pdrop", config.get(GptConfig.DROPOUT));
        fields.put("eos_token_id", endOfText);
        fields.put("initializer_range", 0.02);
        fields.put("layer_norm_epsilon", config.get(GptConfig.NORM_EPS));
        fields.put("model_type", MODEL_TYPE);
        fields.put("n_ctx", config.blockSize());
        fields.put("n_embd", config.nEmbd());
        fields.put("n_head", config.nHead());
        fields.put("n_inner", config.nInner() == 4L * config.nEmbd() ? null : config.nInner());
        fields.put("n_layer", config.nLayer());
        fields.put("n_positions", config.blockSize());
        fields.put("resid_pdrop", config.get(GptConfig.DROPOUT));
        fields.put(
                "scale_attn_by_inverse_layer_idx",
                scale == AttentionScale.HEAD_AND_LAYER || scale == AttentionScale.LAYER);
        fields.put("scale_attn_weights", scale == AttentionScale.HEAD_AND_LAYER || scale == AttentionScale.HEAD);
        fields.put("tie_word_embeddings", config.get(GptConfig.TIE_HEAD));
        fields.put("torch_dtype", type);
        fields.put("vocab_size", config.vocabSize());
        return fields;
    }

    private static void checkExpressible(GptConfig variant) {
        for (Setting<?> setting : GptConfig.SETTINGS) {
            if (!EXPRESSIBLE.contains(setting) && !variant.settings().isUsual(setting)) {
                throw new IllegalArgumentException("the model has the " + setting + " "
                        + variant.settings().text(setting) + ", which GPT-2 lacks; its file format cannot express it");
            }
        }
        String lacks = null;
        if (variant.norm() != Norm.LAYER && variant.norm() != Norm.LAYER_BIAS) {
            lacks = "the norm " + variant.norm() + ", but GPT-2 has layer norm";
        } else if (variant.get(GptConfig.EMBEDDING_NORM)) {
            lacks = "a norm after the embedding, but GPT-2 has none there";
        } else if (!variant.get(GptConfig.FINAL_NORM)) {
            lacks = "no norm before the head, but GPT-2 has one there";
        }
        if (lacks != null) {
            throw new IllegalArgumentException("the model has " + lacks
                    + ", and its file format cannot express the difference; export a model of the preset nano or gpt2");
        }
    }

    private static String name(Activation activation) {
        for (Map.Entry<String, Activation> entry : ACTIVATIONS.entrySet()) {
            if (entry.getValue() == activation) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException("the model has the activation " + activation
                + ", which is not exported; an exported GPT-2 has gelu-tanh, gelu or relu");
    }
}
