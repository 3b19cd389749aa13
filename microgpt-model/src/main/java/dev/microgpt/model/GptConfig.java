package dev.microgpt.model;

import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.List;

/**
 * The sizes and the parts of a {@link Gpt}.
 *
 * <pre>{@code
 * GptConfig config = GptConfig.nano(65).withLayers(2).withActivation(Activation.RELU).with(GptConfig.DROPOUT, 0.1);
 * }</pre>
 *
 * <p>{@link #SETTINGS} is the one list of everything that can be set: files, command lines and documents are made from
 * it. The sizes and the parts have methods of their own besides, because nearly every layer reads them.
 *
 * <p>Immutable. Each value is checked when it is set; whether values fit together, such as channels and heads, when a
 * model is created ({@link #checkFits}).
 */
public final class GptConfig extends ModelConfig {
    /** The number of blocks. */
    public static final Setting<Integer> N_LAYER = Setting.integer("n_layer", 1, 1, "Number of transformer blocks");

    /** The number of attention heads in a block. */
    public static final Setting<Integer> N_HEAD =
            Setting.integer("n_head", 4, 1, "Attention heads per block; must divide n_embd");

    /** The number of channels {@code C}, the embedding width. */
    public static final Setting<Integer> N_EMBD =
            Setting.integer("n_embd", 16, 1, "Embedding dimension, the number of channels");

    /** The number of channels {@code I} inside the MLP. */
    public static final Setting<Integer> N_INNER =
            Setting.multiple("n_inner", 4, N_EMBD, 1, "Width of the MLP, by default four times n_embd");

    /** The normalization of the residual stream. */
    public static final Setting<Norm> NORM =
            Setting.part("norm", Norm.class, Norm.RMS, Norm.BUILT_IN, "Normalization of the residual stream");

    /** The activation function of the MLP. */
    public static final Setting<Activation> ACTIVATION = Setting.part(
            "activation", Activation.class, Activation.RELU, Activation.BUILT_IN, "Activation of a plain MLP");

    /** Whether the linear layers of the blocks have biases. */
    public static final Setting<Boolean> BIAS =
            Setting.flag("bias", false, "Add biases to all linear layers, and to layer norms unless a norm is given");

    /** Whether the head shares the weights of the token embedding. */
    public static final Setting<Boolean> TIE_HEAD =
            Setting.flag("tie_head", false, "Share the weights of the token embedding and the output head");

    /** Whether the embedding is normalized before the first block. */
    public static final Setting<Boolean> EMBEDDING_NORM =
            Setting.flag("embedding_norm", true, "Normalize the embedding before the first block");

    /** Whether the residual stream is normalized before the head. */
    public static final Setting<Boolean> FINAL_NORM =
            Setting.flag("final_norm", false, "Normalize the output of the last block before the head");

    /**
     * The probability that an element is dropped in training: after the embedding, in the attention probabilities, and
     * in the outputs of attention and MLP (Srivastava et al., 2014).
     */
    public static final Setting<Double> DROPOUT = Setting.number(
            "dropout",
            0.0,
            0.0,
            1.0,
            "Dropout probability in training: of the embedding, the attention probabilities, and the outputs of"
                    + " attention and MLP");

    /** The distribution of the initial weights. */
    public static final Setting<Initialization> INITIALIZATION = Setting.choice(
            "initialization",
            Initialization.MICROGPT,
            List.of(Initialization.values()),
            "Weight initialization, of which scaled is gpt2 adapted to n_embd");

    /** The number that norms add to the mean square or to the variance, dimensionless. */
    public static final Setting<Double> NORM_EPS = Setting.positive("norm_eps", 1e-5, "Epsilon of the norms");

    /** The factor applied to the dot products of queries and keys. */
    public static final Setting<AttentionScale> ATTENTION_SCALE = Setting.choice(
            "attention_scale",
            AttentionScale.HEAD,
            List.of(AttentionScale.values()),
            "Factor of the attention scores, 1/sqrt(d) by head width d, 1/(l + 1) by layer l, both or none");

    /** Whether the projections to queries, keys and values have biases even without {@link #BIAS}, as in Qwen2. */
    public static final Setting<Boolean> QKV_BIAS =
            Setting.flag("qkv_bias", false, "Add biases to the projections to queries, keys and values alone");

    /** The attention of each block. */
    public static final Setting<Attention> ATTENTION = Setting.part(
            "attention", Attention.class, Attention.MULTI_HEAD, Attention.BUILT_IN, "Attention of each block");

    /** The MLP of each block. */
    public static final Setting<Mlp> MLP = Setting.part("mlp", Mlp.class, Mlp.PLAIN, Mlp.BUILT_IN, "MLP of each block");

    /** How a token's position enters the model. */
    public static final Setting<Positions> POSITIONS = Setting.part(
            "positions", Positions.class, Positions.LEARNED, Positions.BUILT_IN, "How positions enter the model");

    /** The number of heads of keys and values {@code K}, each of which several query heads may share. */
    public static final Setting<Integer> N_KV_HEAD = Setting.multiple(
            "n_kv_head", 1, N_HEAD, 1, "Heads of keys and values, by default n_head; must divide n_head");

    /** The number of channels {@code d} of a head. */
    public static final Setting<Integer> HEAD_DIM =
            Setting.quotient("head_dim", N_EMBD, N_HEAD, "Channels of an attention head, by default n_embd / n_head");

    /** The number of keys that a query sees, its own included; 0 for all. */
    public static final Setting<Integer> WINDOW = Setting.integer(
            "window", 0, 0, "Number of last positions that attention sees, its own included; 0 for all");

    /** The normalization of each head of the queries and keys, before positions turn them. */
    public static final Setting<Norm> QK_NORM = Setting.part(
            "qk_norm", Norm.class, Norm.NONE, Norm.BUILT_IN, "Normalization of each head of the queries and keys");

    /** The base of the angles of {@link Positions#ROPE}, dimensionless. */
    public static final Setting<Double> ROPE_THETA =
            Setting.positive("rope_theta", 10_000.0, "Base of the angles of the positions rope");

    /** The bound {@code c} of the logits {@code c·tanh(z / c)}; 0 for none. */
    public static final Setting<Double> SOFTCAP = Setting.number(
            "softcap", 0.0, 0.0, Double.POSITIVE_INFINITY, "Bound c of the logits, c * tanh(z / c); 0 for none");

    /** All settings, in the order of files. */
    public static final List<Setting<?>> SETTINGS = List.of(
            VOCAB_SIZE,
            N_LAYER,
            N_HEAD,
            N_EMBD,
            BLOCK_SIZE,
            N_INNER,
            NORM,
            ACTIVATION,
            BIAS,
            TIE_HEAD,
            EMBEDDING_NORM,
            FINAL_NORM,
            DROPOUT,
            INITIALIZATION,
            NORM_EPS,
            ATTENTION_SCALE,
            QKV_BIAS,
            ATTENTION,
            MLP,
            POSITIONS,
            N_KV_HEAD,
            HEAD_DIM,
            WINDOW,
            QK_NORM,
            ROPE_THETA,
            SOFTCAP);

    /** The type of model that a {@link Gpt} is. */
    public static final ModelType TYPE = new ModelType() {
        @Override
        public String name() {
            return "gpt";
        }

        @Override
        public List<Setting<?>> settings() {
            return SETTINGS;
        }

        @Override
        public GptConfig config(Settings settings) {
            return new GptConfig(settings);
        }

        @Override
        public Gpt create(ModelConfig config, Parameters parameters) {
            return new Gpt((GptConfig) config, parameters);
        }
    };

    private GptConfig(Settings settings) {
        super(TYPE, settings);
    }

    /**
     * Returns the model of microgpt: 1 layer, 4 heads, 16 channels, block size 16; RMSNorm without gain, after the
     * embedding but not before the head; ReLU, no biases.
     *
     * @param vocabSize the vocabulary size, at least 2
     * @return the configuration, with 4,192 parameters for 27 tokens
     */
    public static GptConfig microgpt(int vocabSize) {
        return new GptConfig(Settings.of(SETTINGS)).with(VOCAB_SIZE, vocabSize);
    }

    /**
     * Returns the small model that nanoGPT's README trains on a laptop: 4 layers, 4 heads, 128 channels, block size 64;
     * layer norm and linear layers without bias, exact GELU, a tied head. The initial weights are larger than
     * nanoGPT's, which uses those of GPT-2 at any width.
     *
     * @param vocabSize the vocabulary size, at least 2
     * @return the configuration, with 0.8 million parameters for 65 tokens
     */
    public static GptConfig nano(int vocabSize) {
        return microgpt(vocabSize)
                .withSizes(4, 4, 128, 64)
                .withNorm(Norm.LAYER)
                .withActivation(Activation.GELU)
                .with(TIE_HEAD, true)
                .with(EMBEDDING_NORM, false)
                .with(FINAL_NORM, true)
                .with(INITIALIZATION, Initialization.SCALED);
    }

    /**
     * Returns a small model of the kind of Llama, as large as {@link #nano}: 4 layers, 4 heads, 128 channels, block
     * size 64; RMSNorm with gain, rotary positions, two heads of keys and values, a gated MLP of 384 channels, a tied
     * head, no biases.
     *
     * @param vocabSize the vocabulary size, at least 2
     * @return the configuration, with 0.8 million parameters for 65 tokens
     * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al., LLaMA: Open and Efficient Foundation Language
     *     Models, 2023</a>
     */
    public static GptConfig llama(int vocabSize) {
        return nano(vocabSize)
                .withNorm(Norm.RMS_GAIN)
                .withPositions(Positions.ROPE)
                .withMlp(Mlp.SWIGLU)
                .withInner(384)
                .with(N_KV_HEAD, 2);
    }

    /**
     * Returns a small model of the kind of nanochat, as large as {@link #nano}: 4 layers, 4 heads, 128 channels, block
     * size 64; RMSNorm without gain, also after the embedding and in the heads of queries and keys; rotary positions,
     * squared ReLU, logits within 15, a head of its own, no biases; what writes to the residual stream, and the head,
     * begin as zeros.
     *
     * @param vocabSize the vocabulary size, at least 2
     * @return the configuration, with 0.8 million parameters for 65 tokens
     * @see <a href="https://github.com/karpathy/nanochat">Karpathy, nanochat, 2025</a>
     */
    public static GptConfig nanochat(int vocabSize) {
        return nano(vocabSize)
                .withNorm(Norm.RMS)
                .with(NORM_EPS, 1e-6)
                .with(EMBEDDING_NORM, true)
                .withPositions(Positions.ROPE)
                .with(QK_NORM, Norm.RMS)
                .withActivation(Activation.RELU2)
                .with(SOFTCAP, 15.0)
                .with(TIE_HEAD, false)
                .with(INITIALIZATION, Initialization.ZERO_OUT);
    }

    /**
     * Returns GPT-2 small: 12 layers, 12 heads, 768 channels, block size 1,024; biases everywhere, the tanh
     * approximation of GELU, a tied head, and a dropout of 0.1.
     *
     * @param vocabSize the vocabulary size, at least 2; GPT-2's own is 50,257
     * @return the configuration, with 124 million parameters
     */
    public static GptConfig gpt2(int vocabSize) {
        return nano(vocabSize)
                .withSizes(12, 12, 768, 1024)
                .withNorm(Norm.LAYER_BIAS)
                .withActivation(Activation.GELU_TANH)
                .with(BIAS, true)
                .with(DROPOUT, 0.1)
                .with(INITIALIZATION, Initialization.GPT2);
    }

    /**
     * Returns GPT-2 medium: 24 layers, 16 heads, 1,024 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size, at least 2; GPT-2's own is 50,257
     * @return the configuration, with 355 million parameters
     */
    public static GptConfig gpt2Medium(int vocabSize) {
        return gpt2(vocabSize).withSizes(24, 16, 1024, 1024);
    }

    /**
     * Returns GPT-2 large: 36 layers, 20 heads, 1,280 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size, at least 2; GPT-2's own is 50,257
     * @return the configuration, with 774 million parameters
     */
    public static GptConfig gpt2Large(int vocabSize) {
        return gpt2(vocabSize).withSizes(36, 20, 1280, 1024);
    }

    /**
     * Returns GPT-2 XL: 48 layers, 25 heads, 1,600 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size, at least 2; GPT-2's own is 50,257
     * @return the configuration, with 1,558 million parameters
     */
    public static GptConfig gpt2Xl(int vocabSize) {
        return gpt2(vocabSize).withSizes(48, 25, 1600, 1024);
    }

    /**
     * Checks that the values fit together.
     *
     * @throws IllegalArgumentException if the number of channels is not divisible by the number of heads and no head
     *     width is given; if the number of heads is not divisible by that of keys and values; if the heads of a row
     *     have more channels than an array; or if {@link Positions#ROPE} has an odd head width or a table larger than
     *     an array
     */
    @Override
    public void checkFits() {
        int channels = nEmbd();
        int heads = nHead();
        if (headDim() == 0) {
            int below = channels - channels % heads;
            long above = below + (long) heads;
            throw new IllegalArgumentException("n_embd " + channels + " is not divisible by n_head " + heads
                    + (below > 0
                            ? "; the nearest multiples are " + below + " and " + above
                            : "; the nearest multiple is " + above));
        }
        if (heads % nKvHead() != 0) {
            throw new IllegalArgumentException("n_head " + heads + " is not divisible by n_kv_head " + nKvHead()
                    + "; every head of keys and values must serve as many heads of queries");
        }
        if ((long) heads * headDim() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("n_head " + heads + " times head_dim " + headDim()
                    + " are more channels than the 2147483647 that a row can have");
        }
        if (positions() == Positions.ROPE && headDim() % 2 != 0) {
            throw new IllegalArgumentException("positions is rope, which turns the channels of a head in pairs, but"
                    + (settings().isUsual(HEAD_DIM)
                            ? " n_embd " + channels + " and n_head " + heads + " make heads of " + headDim()
                                    + " channels"
                            : " head_dim is " + headDim())
                    + "; choose an even head_dim, or other positions");
        }
        if (positions() == Positions.ROPE && (long) blockSize() * headDim() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("positions is rope, whose table has block_size " + blockSize()
                    + " times head_dim " + headDim() + " numbers, but an array holds at most " + Integer.MAX_VALUE
                    + "; choose a smaller block_size, or other positions");
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A model of one layer and one of two are counted, since a damaged file may claim any number of layers: all
     * later layers are taken to be like the second.
     */
    @Override
    public double parameterCount() {
        double one = count(withLayers(1));
        return nLayer() == 1 || one == Double.POSITIVE_INFINITY
                ? one
                : one + (nLayer() - 1.0) * (count(withLayers(2)) - one);
    }

    @Override
    public <T> GptConfig with(Setting<T> setting, T value) {
        return with(settings().with(setting, value));
    }

    @Override
    public GptConfig with(Settings settings) {
        return new GptConfig(settings);
    }

    /**
     * Returns this configuration with other sizes, and an MLP four times as wide as the embedding.
     *
     * @param nLayer    the number of blocks, at least 1
     * @param nHead     the number of attention heads in a block, a divisor of {@code nEmbd}
     * @param nEmbd     the number of channels, at least 1
     * @param blockSize the maximum sequence length, at least 1
     * @return a configuration in which all else is equal
     * @throws IllegalArgumentException if a number is too small
     */
    public GptConfig withSizes(int nLayer, int nHead, int nEmbd, int blockSize) {
        GptConfig sized = withLayers(nLayer).with(N_HEAD, nHead).with(N_EMBD, nEmbd);
        return sized.withBlockSize(blockSize).withInner(sized.settings().usual(N_INNER));
    }

    /** {@return the number of blocks} */
    public int nLayer() {
        return get(N_LAYER);
    }

    /** {@return the number of attention heads {@code H} in a block} */
    public int nHead() {
        return get(N_HEAD);
    }

    /** {@return the number of heads {@code K} of keys and values} */
    public int nKvHead() {
        return get(N_KV_HEAD);
    }

    /** {@return the number of channels {@code d} of a head} */
    public int headDim() {
        return get(HEAD_DIM);
    }

    /** {@return the number of channels {@code C}, the embedding width} */
    public int nEmbd() {
        return get(N_EMBD);
    }

    /** {@return the number of channels {@code I} inside the MLP} */
    public int nInner() {
        return get(N_INNER);
    }

    /** {@return the normalization of the residual stream} */
    public Norm norm() {
        return get(NORM);
    }

    /** {@return the activation function of the MLP} */
    public Activation activation() {
        return get(ACTIVATION);
    }

    /** {@return the attention of each block} */
    public Attention attention() {
        return get(ATTENTION);
    }

    /** {@return the MLP of each block} */
    public Mlp mlp() {
        return get(MLP);
    }

    /** {@return how a token's position enters the model} */
    public Positions positions() {
        return get(POSITIONS);
    }

    /**
     * Returns this configuration with another vocabulary size.
     *
     * @param vocabSize at least 2
     * @return a configuration in which all else is equal
     */
    public GptConfig withVocabSize(int vocabSize) {
        return with(VOCAB_SIZE, vocabSize);
    }

    /**
     * Returns this configuration with another number of blocks.
     *
     * @param nLayer at least 1
     * @return a configuration in which all else is equal
     */
    public GptConfig withLayers(int nLayer) {
        return with(N_LAYER, nLayer);
    }

    /**
     * Returns this configuration with another maximum sequence length.
     *
     * @param blockSize at least 1
     * @return a configuration in which all else is equal
     */
    public GptConfig withBlockSize(int blockSize) {
        return with(BLOCK_SIZE, blockSize);
    }

    /**
     * Returns this configuration with another width inside the MLP.
     *
     * @param nInner at least 1
     * @return a configuration in which all else is equal
     */
    public GptConfig withInner(int nInner) {
        return with(N_INNER, nInner);
    }

    /**
     * Returns this configuration with another normalization.
     *
     * @param norm the norm
     * @return a configuration in which all else is equal
     */
    public GptConfig withNorm(Norm norm) {
        return with(NORM, norm);
    }

    /**
     * Returns this configuration with another activation function.
     *
     * @param activation the function
     * @return a configuration in which all else is equal
     */
    public GptConfig withActivation(Activation activation) {
        return with(ACTIVATION, activation);
    }

    /**
     * Returns this configuration with another attention.
     *
     * @param attention the attention of each block
     * @return a configuration in which all else is equal
     */
    public GptConfig withAttention(Attention attention) {
        return with(ATTENTION, attention);
    }

    /**
     * Returns this configuration with another MLP.
     *
     * @param mlp the MLP of each block
     * @return a configuration in which all else is equal
     */
    public GptConfig withMlp(Mlp mlp) {
        return with(MLP, mlp);
    }

    /**
     * Returns this configuration with positions that enter in another way.
     *
     * @param positions how positions enter the model
     * @return a configuration in which all else is equal
     */
    public GptConfig withPositions(Positions positions) {
        return with(POSITIONS, positions);
    }
}
