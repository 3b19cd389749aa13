package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer: token and position embeddings, blocks of attention and MLP, and a language model head.
 * Its {@link GptConfig} selects the parts, from those of microgpt to those of GPT-2.
 *
 * <pre>{@code
 * Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(42)));
 * Tape tape = Tape.training();
 * Tensor loss = tape.crossEntropy(gpt.forward(tape, batch), batch.targets());
 * }</pre>
 *
 * <p>Shapes: {@code T} tokens in a batch, all sequences packed one after another; {@code C} channels; {@code V} tokens
 * in the vocabulary.
 *
 * <p>Named {@linkplain dev.microgpt.autograd.Hook points}: {@code embd}, the residual stream before the first block;
 * those of each {@link Block}, such as {@code layer0.stream}; {@code head_in} and {@code logits}.
 *
 * <p>Immutable except for the values of its parameters, which have one writer or many readers: any number of threads
 * may generate or evaluate, each on its own tape, while no thread trains the model.
 *
 * @see <a href="https://karpathy.github.io/2026/02/12/microgpt/">Karpathy, microgpt, 2026</a>
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019</a>
 */
public final class Gpt implements LanguageModel {
    private final GptConfig config;
    private final Parameters parameters;
    private final Parameter wte; // token embedding, (V, C)
    private final Positions.Encoding positions;
    private final DropoutSite embeddingDropout;
    private final @Nullable Layer embeddingNorm;
    private final List<Block> blocks;
    private final @Nullable Layer finalNorm;
    private final Parameter lmHead; // (V, C), the token embedding if tied
    private final double softcap; // 0 for none

    @Override
    public Tensor forward(Tape tape, Batch batch) {
        config.checkLength(batch);
        Tensor x = embed(tape, batch);
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(tape, x, batch);
        }
        return head(tape, normalized(tape, x, batch));
    }

    /** Returns the residual stream before the first block, shape {@code (T, C)}. */
    private Tensor embed(Tape tape, Batch batch) {
        Tensor tokens = tape.embedding(wte, batch.ids());
        Tensor x = embeddingDropout.apply(tape, positions.embed(tape, tokens, batch), batch);
        return tape.point("embd", embeddingNorm == null ? x : embeddingNorm.forward(tape, x, batch));
    }

    /** Returns what the head reads of the residual stream after the last block, shape {@code (T, C)}. */
    private Tensor normalized(Tape tape, Tensor x, Batch batch) {
        return tape.point("head_in", finalNorm == null ? x : finalNorm.forward(tape, x, batch));
    }

    /** Returns the logits of normalized rows, shape {@code (T, V)}. */
    private Tensor head(Tape tape, Tensor x) {
        Tensor logits = tape.linear(x, lmHead);
        return tape.point("logits", softcap == 0 ? logits : tape.softCap(logits, softcap));
    }

    /**
     * Creates a model, requesting its weights in this order: {@code wte}, those of the positions, {@code lm_head}
     * unless it is tied, the norm after the embedding, block by block, the final norm.
     *
     * @param config     the sizes and parts of the model
     * @param parameters initializes or loads the weights
     * @throws IllegalArgumentException if the values of the configuration do not fit together, or a loaded parameter is
     *     missing or has another shape
     */
    public Gpt(GptConfig config, Parameters parameters) {
        config.checkFits();
        this.config = config;
        this.parameters = parameters;
        Norm norm = config.norm();
        double eps = config.get(GptConfig.NORM_EPS);
        int channels = config.nEmbd();
        Initialization initialization = config.get(GptConfig.INITIALIZATION);
        Scope root = parameters.root();
        wte = root.weight("wte", Shape.of(config.vocabSize(), channels), initialization.weights(channels));
        positions = config.positions().create(root, config);
        boolean tied = config.get(GptConfig.TIE_HEAD);
        lmHead = tied
                ? wte
                : root.weight("lm_head", Shape.of(config.vocabSize(), channels), initialization.headWeights(channels));
        embeddingDropout = DropoutSite.ofEmbedding(config.get(GptConfig.DROPOUT));
        embeddingNorm =
                config.get(GptConfig.EMBEDDING_NORM) ? norm.create(root.scope("embd_norm"), channels, eps) : null;
        blocks = new ArrayList<>(); // not sized in advance: a damaged file may claim any number of layers
        for (int i = 0; i < config.nLayer(); i++) {
            blocks.add(new Block(root.scope("layer" + i), config, i, positions));
        }
        softcap = config.get(GptConfig.SOFTCAP);
        finalNorm = config.get(GptConfig.FINAL_NORM) ? norm.create(root.scope("final_norm"), channels, eps) : null;
    }

    /**
     * Returns a decoder that keeps the keys and values of earlier positions, so that the next token costs one row; with
     * a window and without trained positions it continues beyond the block size.
     */
    @Override
    public Decoder decoder() {
        return new CachedDecoder();
    }

    private boolean decodesAnyLength() {
        boolean endless = true;
        for (int i = 0; i < blocks.size(); i++) {
            endless &= blocks.get(i).isEndless();
        }
        return endless && positions.isEndless();
    }

    private final class CachedDecoder extends Decoder {
        private final List<Layer> decoders = new ArrayList<>(blocks.size());

        @Override
        protected Tensor logitsTogether(Tape tape, List<Decoder> all, List<Batch> batches) {
            Batch batch = Batch.together(batches);
            Tensor x = embed(tape, batch);
            for (int i = 0; i < blocks.size(); i++) {
                List<Layer> memories = new ArrayList<>(all.size());
                for (Decoder decoder : all) {
                    memories.add(((CachedDecoder) decoder).decoders.get(i));
                }
                x = blocks.get(i).together(tape, x, batch, batches, memories);
            }
            return head(tape, normalized(tape, x, batch));
        }

        CachedDecoder() {
            super(Gpt.this, decodesAnyLength());
            for (Block block : blocks) {
                decoders.add(block.decoder(config.blockSize()));
            }
        }

        @Override
        protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
            Tensor x = embed(tape, batch);
            for (int i = 0; i < decoders.size(); i++) {
                x = decoders.get(i).forward(tape, x, batch);
            }
            x = normalized(tape, x, batch);
            int rows = x.shape().rows();
            return head(tape, lastOnly ? RepeatedDecoder.rows(x, rows - 1, rows) : x);
        }
    }

    @Override
    public GptConfig config() {
        return config;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    /** {@return sizes, parts and a table of the parameters, for people} */
    @Override
    public String toString() {
        return ModelSummary.of(this);
    }
}
