package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Causal multi-head self-attention with its four projections: {@code y = attention(x·wqᵀ, x·wkᵀ, x·wvᵀ)·woᵀ}.
 *
 * @see dev.microgpt.autograd.op.CausalAttention
 */
public final class SelfAttention {
    private final int heads;
    private final Parameter wq;
    private final Parameter wk;
    private final Parameter wv;
    private final Parameter wo;

    /**
     * Asks for {@code attn_wq}, {@code attn_wk}, {@code attn_wv} and {@code attn_wo}, each {@code (C, C)}.
     *
     * @param scope       where the weights come from
     * @param channels    {@code C}
     * @param heads       the number of heads, a divisor of {@code C}
     * @param initializer draws the weights
     */
    public SelfAttention(Scope scope, int channels, int heads, Initializer initializer) {
        this.heads = heads;
        Shape square = Shape.of(channels, channels);
        wq = scope.get("attn_wq", square, initializer);
        wk = scope.get("attn_wk", square, initializer);
        wv = scope.get("attn_wv", square, initializer);
        wo = scope.get("attn_wo", square, initializer);
    }

    /**
     * Lets every row look at itself and the rows before it, and at those in the cache.
     *
     * @param tape      where the operations are recorded
     * @param x         input, shape {@code (T, C)}
     * @param sequences where the sequences start in {@code x}
     * @param past      keys and values of earlier positions, to which those of {@code x} are added, or null
     * @return shape {@code (T, C)}
     */
    public Tensor forward(Tape tape, Tensor x, Sequences sequences, KeyValueCache.@Nullable Layer past) {
        Tensor q = tape.linear(x, wq);
        Tensor k = tape.linear(x, wk);
        Tensor v = tape.linear(x, wv);
        Tensor y = past == null
                ? tape.causalAttention(q, k, v, heads, sequences)
                : past.attention(tape, q, k, v, heads, sequences);
        return tape.linear(y, wo);
    }
}
