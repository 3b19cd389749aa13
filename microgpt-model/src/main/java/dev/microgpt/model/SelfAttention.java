package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
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
public final class SelfAttention {
    private final int heads;
    private final double scale;
    private final Projection wq;
    private final Projection wk;
    private final Projection wv;
    private final Projection wo;
    private final DropoutSite probabilities;

    /**
     * Lets every position attend to itself, to the earlier positions of its sequence, and to those in the cache.
     *
     * @param tape  records the operations
     * @param x     input, shape {@code (T, C)}
     * @param batch the sequences packed in {@code x}, and the random numbers for dropout
     * @param past  keys and values of earlier positions, to which those of {@code x} are appended, or null
     * @return shape {@code (T, C)}
     */
    public Tensor forward(Tape tape, Tensor x, Batch batch, KeyValueCache.@Nullable BlockCache past) {
        Sequences sequences = batch.sequences();
        Tensor q = wq.forward(tape, x);
        Tensor k = wk.forward(tape, x);
        Tensor v = wv.forward(tape, x);
        Tensor y = past == null
                ? tape.apply(
                        new CausalAttention(q, k, v, heads, sequences, sequences, probabilities.mask(batch), scale))
                : past.attention(tape, q, k, v, heads, scale, sequences);
        return wo.forward(tape, y);
    }

    /**
     * Creates the layer, requesting {@code attn_wq}, {@code attn_wk}, {@code attn_wv} and {@code attn_wo}, each of
     * shape {@code (C, C)} and, if the variant has biases, followed by {@code attn_bq}, {@code attn_bk},
     * {@code attn_bv} and {@code attn_bo}, shape {@code (C)}.
     *
     * @param scope  the scope of the block's weights
     * @param config sizes and variant of the model
     * @param layer  the index of the block in the model, from 0
     */
    public SelfAttention(Scope scope, GptConfig config, int layer) {
        int channels = config.nEmbd();
        heads = config.nHead();
        scale = config.variant().attentionScale().of(channels / heads, layer);
        wq = Projection.of(scope, config, "attn_wq", "attn_bq", channels, channels);
        wk = Projection.of(scope, config, "attn_wk", "attn_bk", channels, channels);
        wv = Projection.of(scope, config, "attn_wv", "attn_bv", channels, channels);
        wo = Projection.toResidual(scope, config, "attn_wo", "attn_bo", channels, channels);
        probabilities = DropoutSite.ofProbabilities(config.variant().dropout(), layer);
    }
}
