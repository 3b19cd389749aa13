package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import org.jspecify.annotations.Nullable;

/**
 * Causal multi-head self-attention with its four projections: {@code y = attention(x·wqᵀ, x·wkᵀ, x·wvᵀ)·woᵀ}, and a bias
 * for each if the model has them.
 *
 * @see dev.microgpt.autograd.op.CausalAttention
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
     * Lets every row look at itself and the rows before it, and at those in the cache.
     *
     * @param tape  where the operations are recorded
     * @param x     input, shape {@code (T, C)}
     * @param batch tells where the sequences start in {@code x}
     * @param past  keys and values of earlier positions, to which those of {@code x} are added, or null
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
     * Asks for {@code attn_wq}, {@code attn_wk}, {@code attn_wv} and {@code attn_wo}, each {@code (C, C)}; with biases,
     * after each for {@code attn_bq}, {@code attn_bk}, {@code attn_bv} and {@code attn_bo}.
     *
     * @param scope  where the weights come from
     * @param config tells the channels {@code C}, the heads and the variant
     * @param layer  which layer of the model this is, from 0
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
