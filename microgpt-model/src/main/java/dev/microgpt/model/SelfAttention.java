package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import org.jspecify.annotations.Nullable;

/**
 * Causal multi-head self-attention with its four projections, each with an optional bias:
 * {@code y = attention(x·wqᵀ, x·wkᵀ, x·wvᵀ)·woᵀ}.
 *
 * @see dev.microgpt.autograd.op.CausalAttention
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 */
public final class SelfAttention implements SequenceLayer {
    private final int heads;
    private final double scale;
    private final Projection wq;
    private final Projection wk;
    private final Projection wv;
    private final Projection wo;
    private final Positions.Encoding positions;
    private final DropoutSite probabilities;

    /** Lets every position attend to itself and to the earlier positions of its sequence. */
    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        return forward(tape, x, batch, null);
    }

    private Tensor forward(Tape tape, Tensor x, Batch batch, @Nullable KeyValueCache past) {
        Sequences sequences = batch.sequences();
        Tensor q = positions.turn(tape, wq.forward(tape, x, batch), heads, batch);
        Tensor k = positions.turn(tape, wk.forward(tape, x, batch), heads, batch);
        Tensor v = wv.forward(tape, x, batch);
        Tensor y = past == null
                ? tape.apply(
                        new CausalAttention(q, k, v, heads, sequences, sequences, probabilities.mask(batch), scale))
                : past.attention(tape, q, k, v, batch);
        return wo.forward(tape, y, batch);
    }

    /** Keeps the keys and values of earlier positions: {@code 16 · maxPositions · C} bytes. */
    @Override
    public Layer decoder(int maxPositions) {
        return new KeyValueCache(maxPositions);
    }

    /** The keys and values of the earlier positions of one sequence. */
    private final class KeyValueCache implements Layer {
        private final int maxPositions;
        private double[] keys = {};
        private double[] values = {};

        KeyValueCache(int maxPositions) {
            this.maxPositions = maxPositions;
        }

        @Override
        public Tensor forward(Tape tape, Tensor x, Batch batch) {
            return SelfAttention.this.forward(tape, x, batch, this);
        }

        /** Stores the keys and values of new positions, and attends to all positions so far. */
        Tensor attention(Tape tape, Tensor q, Tensor k, Tensor v, Batch batch) {
            int channels = k.shape().columns();
            int added = k.shape().size();
            int past = batch.firstPosition();
            if (keys.length == 0) {
                int size = Shape.of(maxPositions, channels).size();
                keys = new double[size];
                values = new double[size];
            }
            System.arraycopy(k.data(), 0, keys, past * channels, added);
            System.arraycopy(v.data(), 0, values, past * channels, added);
            Shape all = Shape.of(past + k.shape().rows(), channels);
            return tape.apply(new CausalAttention(
                    q,
                    Tensor.constant(all, keys),
                    Tensor.constant(all, values),
                    heads,
                    batch.sequences(),
                    Sequences.ofLengths(all.rows()),
                    null,
                    scale));
        }
    }

    /**
     * Creates the layer, requesting {@code attn_wq}, {@code attn_wk}, {@code attn_wv} and {@code attn_wo}, each of
     * shape {@code (C, C)} and, if there are biases, followed by {@code attn_bq}, {@code attn_bk}, {@code attn_bv} and
     * {@code attn_bo}, shape {@code (C)}.
     *
     * @param scope     the scope of the block's weights
     * @param config    the sizes and parts of the model
     * @param layer     the index of the block in the model, from 0
     * @param positions turns queries and keys
     */
    public SelfAttention(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        int channels = config.nEmbd();
        boolean bias = config.get(GptConfig.BIAS);
        boolean qkvBias = bias || config.get(GptConfig.QKV_BIAS);
        heads = config.nHead();
        scale = config.get(GptConfig.ATTENTION_SCALE).of(channels / heads, layer);
        wq = Projection.of(scope, config, "attn_wq", qkvBias ? "attn_bq" : null, channels, channels);
        wk = Projection.of(scope, config, "attn_wk", qkvBias ? "attn_bk" : null, channels, channels);
        wv = Projection.of(scope, config, "attn_wv", qkvBias ? "attn_bv" : null, channels, channels);
        wo = Projection.toResidual(scope, config, "attn_wo", bias ? "attn_bo" : null, channels, channels);
        probabilities = DropoutSite.ofProbabilities(config.get(GptConfig.DROPOUT), layer);
        this.positions = positions;
    }
}
