package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A transformer block in the pre-norm form of GPT-2: {@code x = x + attention(norm(x))}, then
 * {@code x = x + mlp(norm(x))}.
 */
public final class Block {
    private final Layer attentionNorm;
    private final SelfAttention attention;
    private final DropoutSite attentionDropout;
    private final Layer mlpNorm;
    private final Layer mlp;
    private final DropoutSite mlpDropout;

    /**
     * Adds the outputs of attention and MLP to the residual stream.
     *
     * @param tape  records the operations
     * @param x     the residual stream, shape {@code (T, C)}
     * @param batch the sequences packed in {@code x}, and the random numbers for dropout
     * @param past  keys and values of earlier positions, or null
     * @return the residual stream after this block, shape {@code (T, C)}
     */
    public Tensor forward(Tape tape, Tensor x, Batch batch, KeyValueCache.@Nullable BlockCache past) {
        Tensor attended = attention.forward(tape, attentionNorm.forward(tape, x), batch, past);
        Tensor middle = tape.add(attentionDropout.apply(tape, attended, batch), x);
        Tensor transformed = mlp.forward(tape, mlpNorm.forward(tape, middle));
        return tape.add(mlpDropout.apply(tape, transformed, batch), middle);
    }

    /**
     * Creates a block, requesting its weights in this order: the norm in scope {@code attn_norm}, the attention, the
     * norm in scope {@code mlp_norm}, the MLP.
     *
     * @param scope  the scope of this block's weights
     * @param config sizes and variant of the model
     * @param layer  the index of this block in the model, from 0
     * @param mlp    creates the MLP
     */
    public Block(Scope scope, GptConfig config, int layer, MlpFactory mlp) {
        Norm norm = config.variant().norm();
        double eps = config.variant().normEps();
        double dropout = config.variant().dropout();
        attentionNorm = norm.create(scope.scope("attn_norm"), config.nEmbd(), eps);
        attention = new SelfAttention(scope, config, layer);
        attentionDropout = DropoutSite.ofAttention(dropout, layer);
        mlpNorm = norm.create(scope.scope("mlp_norm"), config.nEmbd(), eps);
        this.mlp = mlp.create(scope, config);
        mlpDropout = DropoutSite.ofMlp(dropout, layer);
    }
}
