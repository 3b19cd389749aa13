package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the transformer: {@code x += attention(norm(x))}, then {@code x += mlp(norm(x))}.
 */
public final class Block {
    private final Layer attentionNorm;
    private final SelfAttention attention;
    private final DropoutSite attentionDropout;
    private final Layer mlpNorm;
    private final Layer mlp;
    private final DropoutSite mlpDropout;

    /**
     * Applies both parts, each to the norm of the residual stream and added to it.
     *
     * @param tape  where the operations are recorded
     * @param x     the residual stream, shape {@code (T, C)}
     * @param batch tells where the sequences start in {@code x}, and what is dropped
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
     * Makes the block of a model; it asks for the weights of the norm in {@code attn_norm}, of the attention, of the norm
     * in {@code mlp_norm}, and of the MLP.
     *
     * @param scope  where the weights come from
     * @param config tells the size and the variant
     * @param layer  which layer of the model this is, from 0
     * @param mlp    makes the MLP
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
