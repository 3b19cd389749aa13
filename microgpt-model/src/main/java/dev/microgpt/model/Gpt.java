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
 * A decoder-only transformer: token and position embedding, blocks of attention and MLP, and a head. What it is made of
 * in detail, from microgpt's form to GPT-2's, says its {@link GptVariant}.
 *
 * <pre>{@code
 * Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(42)));
 * Tape tape = Tape.training();
 * Tensor loss = tape.crossEntropy(gpt.forward(tape, batch), batch.targets());
 * }</pre>
 *
 * <p>Immutable but for the numbers of its parameters: any number of threads may generate, each on a tape of its own.
 *
 * @see <a href="https://karpathy.github.io/2026/02/12/microgpt/">Karpathy, microgpt, 2026</a>
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019</a>
 */
public final class Gpt {
    private final GptConfig config;
    private final Parameters parameters;
    private final Parameter wte;
    private final Parameter wpe;
    private final DropoutSite embeddingDropout;
    private final @Nullable Layer embeddingNorm;
    private final List<Block> blocks;
    private final @Nullable Layer finalNorm;
    private final Parameter lmHead;

    /**
     * Computes the scores of the token after each position, given the positions in a cache.
     *
     * @param tape  where the operations are recorded
     * @param batch the tokens; with a cache one sequence, which continues the one in the cache
     * @param cache the past, to which the tokens of the batch are added, or null for none
     * @return logits, shape {@code (T, V)}, one row for each token of the batch
     * @throws IllegalArgumentException if a sequence is too long, a token is not in the vocabulary, there are several
     *     sequences with a cache, or the cache was made for a model of another shape
     */
    public Tensor forward(Tape tape, Batch batch, @Nullable KeyValueCache cache) {
        return tape.linear(hidden(tape, batch, cache), lmHead);
    }

    /** What the head is applied to, shape (T, C). */
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
     * Asks for all weights, in the order {@code wte}, {@code wpe}, {@code lm_head} unless it is tied, those of the norm
     * after the embedding, then layer by layer, and those of the final norm.
     *
     * @param config     the shape of the model
     * @param parameters where the weights are drawn or loaded
     * @throws IllegalArgumentException if a loaded parameter is missing or has another shape
     */
    public Gpt(GptConfig config, Parameters parameters) {
        this(config, parameters, Mlp.FACTORY);
    }

    /**
     * Asks for all weights, as the other constructor does, with layers of your own in the place of {@link Mlp}.
     *
     * <p>The configuration does not say which, so {@link GptConfig#parameterCount()} does not count them, and no checkpoint
     * makes such a model again: whoever loads its parameters makes it by this constructor.
     *
     * @param config     the shape of the model
     * @param parameters where the weights are drawn or loaded
     * @param mlp        makes the MLP of each block
     * @throws IllegalArgumentException if a loaded parameter is missing or has another shape
     */
    public Gpt(GptConfig config, Parameters parameters, MlpFactory mlp) {
        this.config = config;
        this.parameters = parameters;
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
        blocks = new ArrayList<>(); // grows with the weights there are, whatever a damaged file says
        for (int i = 0; i < config.nLayer(); i++) {
            blocks.add(new Block(root.scope("layer" + i), config, i, mlp));
        }
        finalNorm = variant.finalNorm() ? norm.create(root.scope("final_norm"), channels, variant.normEps()) : null;
    }

    /**
     * Computes the scores of the token after each position.
     *
     * @param tape  where the operations are recorded
     * @param batch the tokens, each sequence no longer than the block size
     * @return logits, shape {@code (T, V)}, one row for each token of the batch
     * @throws IllegalArgumentException if a sequence is too long or a token is not in the vocabulary
     */
    public Tensor forward(Tape tape, Batch batch) {
        return forward(tape, batch, null);
    }

    /**
     * Computes the scores of the token after the last position alone, which is all that generation needs: the last row of
     * {@link #forward(Tape, Batch, KeyValueCache)}, bit for bit.
     *
     * @param tape  an inference tape
     * @param batch the tokens of one sequence; with a cache they continue the one in the cache
     * @param cache the past, to which the tokens of the batch are added, or null for none
     * @return logits, shape {@code (1, V)}
     * @throws IllegalArgumentException as {@link #forward(Tape, Batch, KeyValueCache)}, or if there are several sequences
     * @throws IllegalStateException if the tape keeps gradients, which this would lose
     */
    public Tensor lastLogits(Tape tape, Batch batch, @Nullable KeyValueCache cache) {
        if (batch.sequences().count() != 1) {
            throw new IllegalArgumentException(
                    "gpt: the batch has " + batch.sequences().count()
                            + " sequences, but the last position of one is wanted; give each a batch of its own");
        }
        if (tape.keepsGradients()) {
            throw new IllegalStateException("gpt: the last position alone keeps no gradients; generate on"
                    + " Tape.inference(), train with forward");
        }
        Tensor x = hidden(tape, batch, cache);
        int rows = x.shape().rows();
        if (rows > 1) { // decoding goes token by token, and has one already
            int channels = config.nEmbd();
            double[] last = Arrays.copyOfRange(x.data(), (rows - 1) * channels, rows * channels);
            x = Tensor.constant(Shape.of(1, channels), last);
        }
        return tape.linear(x, lmHead);
    }

    /**
     * Returns the shape of the model.
     *
     * @return the configuration it was made with
     */
    public GptConfig config() {
        return config;
    }

    /**
     * Returns the weights.
     *
     * @return all parameters, in the order of storing
     */
    public Parameters parameters() {
        return parameters;
    }

    private void checkLength(Sequences sequences, int past) {
        if (sequences.longest() > config.blockSize() - past) {
            throw new IllegalArgumentException("gpt: a sequence has " + ((long) past + sequences.longest())
                    + " positions, the model has " + config.blockSize()
                    + "; shorten it, or train with a larger --block-size");
        }
    }
}
