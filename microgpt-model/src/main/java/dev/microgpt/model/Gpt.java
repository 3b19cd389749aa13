package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer: token and position embeddings, blocks of attention and MLP, and a language model head.
 * Its {@link GptVariant} selects the components, from those of microgpt to those of GPT-2.
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
 * <p>Immutable except for the values of its parameters, which have one writer or many readers: any number of threads
 * may generate or evaluate, each on its own tape, while no thread trains the model.
 *
 * @see <a href="https://karpathy.github.io/2026/02/12/microgpt/">Karpathy, microgpt, 2026</a>
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019</a>
 */
public final class Gpt {
    private final GptConfig config;
    private final Parameters parameters;
    private final boolean hasOwnLayers;
    private final Parameter wte; // token embedding, (V, C)
    private final Parameter wpe; // position embedding, (block size, C)
    private final DropoutSite embeddingDropout;
    private final @Nullable Layer embeddingNorm;
    private final List<Block> blocks;
    private final @Nullable Layer finalNorm;
    private final Parameter lmHead; // (V, C), the token embedding if tied

    /**
     * Computes the logits of the next token at every position.
     *
     * @param tape  records the operations
     * @param batch the tokens; with a cache a single sequence, which continues the cached one
     * @param cache keys and values of earlier positions, to which those of the batch are appended, or null
     * @return logits, shape {@code (T, V)}
     * @throws IllegalArgumentException if a sequence is longer than the block size, a token is not in the vocabulary,
     *     the batch has several sequences and there is a cache, or the cache was made for another model
     * @throws IllegalStateException if there is a cache and the tape keeps gradients
     */
    public Tensor forward(Tape tape, Batch batch, @Nullable KeyValueCache cache) {
        return tape.linear(hidden(tape, batch, cache), lmHead);
    }

    /** Returns the final hidden states, shape {@code (T, C)}. */
    private Tensor hidden(Tape tape, Batch batch, @Nullable KeyValueCache cache) {
        Sequences sequences = batch.sequences();
        int past = cache == null ? 0 : cache.pastOf(this, tape, sequences);
        checkLength(sequences, past);

        Tensor tokens = tape.embedding(wte, batch.ids());
        Tensor positions = tape.embedding(wpe, positions(sequences, past));
        Tensor x = embeddingDropout.apply(tape, tape.add(tokens, positions), batch);
        if (embeddingNorm != null) {
            x = embeddingNorm.forward(tape, x);
        }
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(tape, x, batch, cache == null ? null : cache.block(i));
        }
        if (finalNorm != null) {
            x = finalNorm.forward(tape, x);
        }
        if (cache != null) {
            cache.advance(sequences.rows(), this);
        }
        return x;
    }

    private static int[] positions(Sequences sequences, int past) {
        int[] positions = new int[sequences.rows()];
        for (int s = 0; s < sequences.count(); s++) {
            for (int i = 0; i < sequences.length(s); i++) {
                positions[sequences.start(s) + i] = past + i;
            }
        }
        return positions;
    }

    /**
     * Creates a model, requesting its weights in this order: {@code wte}, {@code wpe}, {@code lm_head} unless it is
     * tied, the norm after the embedding, block by block, the final norm.
     *
     * @param config     sizes and variant of the model
     * @param parameters initializes or loads the weights
     * @throws IllegalArgumentException if a loaded parameter is missing or has another shape
     */
    public Gpt(GptConfig config, Parameters parameters) {
        this(config, parameters, Mlp.FACTORY);
    }

    /**
     * Creates a model with layers of your own in place of {@link Mlp}.
     *
     * <p>The configuration does not record these layers: {@link GptConfig#parameterCount()} does not count them, and
     * checkpoints refuse the model, which they could not recreate. To load its parameters, call this constructor again.
     *
     * @param config     sizes and variant of the model
     * @param parameters initializes or loads the weights
     * @param mlp        creates the position-wise layer of each block
     * @throws IllegalArgumentException if a loaded parameter is missing or has another shape
     */
    public Gpt(GptConfig config, Parameters parameters, MlpFactory mlp) {
        this.config = config;
        this.parameters = parameters;
        this.hasOwnLayers = mlp != Mlp.FACTORY;
        GptVariant variant = config.variant();
        Norm norm = variant.norm();
        Initializer weights = variant.initialization().weights(config.nEmbd());
        int channels = config.nEmbd();
        Scope root = parameters.root();
        wte = root.get("wte", Shape.of(config.vocabSize(), channels), weights);
        wpe = root.get("wpe", Shape.of(config.blockSize(), channels), weights);
        lmHead = variant.tieHead() ? wte : root.get("lm_head", Shape.of(config.vocabSize(), channels), weights);
        embeddingDropout = DropoutSite.ofEmbedding(variant.dropout());
        embeddingNorm =
                variant.embeddingNorm() ? norm.create(root.scope("embd_norm"), channels, variant.normEps()) : null;
        blocks = new ArrayList<>(); // not sized in advance: a damaged file may claim any number of layers
        for (int i = 0; i < config.nLayer(); i++) {
            blocks.add(new Block(root.scope("layer" + i), config, i, mlp));
        }
        finalNorm = variant.finalNorm() ? norm.create(root.scope("final_norm"), channels, variant.normEps()) : null;
    }

    /**
     * Computes the logits of the next token at every position, without a cache.
     *
     * @param tape  records the operations
     * @param batch the tokens, each sequence no longer than the block size
     * @return logits, shape {@code (T, V)}
     * @throws IllegalArgumentException if a sequence is longer than the block size, or a token is not in the vocabulary
     */
    public Tensor forward(Tape tape, Batch batch) {
        return forward(tape, batch, null);
    }

    /**
     * Computes the logits of the last position only, which is all that generation needs: the last row of
     * {@link #forward(Tape, Batch, KeyValueCache)}, bit for bit.
     *
     * @param tape  an inference tape
     * @param batch the tokens of one sequence; with a cache they continue the cached one
     * @param cache keys and values of earlier positions, to which those of the batch are appended, or null
     * @return logits, shape {@code (1, V)}
     * @throws IllegalArgumentException as {@link #forward(Tape, Batch, KeyValueCache)}, or if there are several
     *     sequences
     * @throws IllegalStateException if the tape keeps gradients, which would be lost here
     */
    public Tensor lastLogits(Tape tape, Batch batch, @Nullable KeyValueCache cache) {
        if (batch.sequences().count() != 1) {
            throw new IllegalArgumentException("gpt: the batch has "
                    + batch.sequences().count()
                    + " sequences, but lastLogits takes one; give each sequence a batch of its own");
        }
        if (tape.keepsGradients()) {
            throw new IllegalStateException(
                    "gpt: lastLogits computes no gradients; use Tape.inference() to generate, or"
                            + " forward to train");
        }
        Tensor x = hidden(tape, batch, cache);
        int rows = x.shape().rows();
        if (rows > 1) { // when decoding token by token, there is only one
            int channels = config.nEmbd();
            double[] last = Arrays.copyOfRange(x.data(), (rows - 1) * channels, rows * channels);
            x = Tensor.constant(Shape.of(1, channels), last);
        }
        return tape.linear(x, lmHead);
    }

    /** {@return the sizes and the variant of the model} */
    public GptConfig config() {
        return config;
    }

    /** {@return the weights} */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * {@return whether an {@link MlpFactory} created layers that the configuration does not describe, so that another
     * model can be created from it}
     */
    public boolean hasOwnLayers() {
        return hasOwnLayers;
    }

    /** {@return sizes, parts and a table of the parameters, for people} */
    @Override
    public String toString() {
        return ModelSummary.of(this);
    }

    private void checkLength(Sequences sequences, int past) {
        if (sequences.longest() > config.blockSize() - past) {
            throw new IllegalArgumentException("gpt: a sequence has " + ((long) past + sequences.longest())
                    + " positions, but the model has " + config.blockSize()
                    + "; shorten the sequence, or use a model with a larger block size");
        }
    }
}
