package dev.microgpt.model;

import dev.microgpt.model.setting.Part;
import java.util.List;

/**
 * The attention of a block: the only place where a position learns of the others.
 *
 * @see Part
 */
@FunctionalInterface
public interface Attention extends Part<Attention> {
    /** Causal multi-head self-attention, {@link SelfAttention}. */
    Attention MULTI_HEAD = new Attention() {
        @Override
        public String name() {
            return "multi-head";
        }

        @Override
        public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
            return new SelfAttention(scope, config, layer, positions);
        }

        @Override
        public String toString() {
            return name();
        }
    };

    /** The library's own. */
    List<Attention> BUILT_IN = List.of(MULTI_HEAD);

    /**
     * Creates the attention of one block, which requests its weights from the scope.
     *
     * @param scope     the scope of the block; the names {@code attn_norm}, {@code mlp_norm} and those that begin with
     *     {@code mlp_} are taken
     * @param config    the sizes and parts of the model
     * @param layer     the index of the block in the model, from 0
     * @param positions turns queries and keys, if positions enter the model that way
     * @return a causal layer from {@code (T, C)} to {@code (T, C)}
     */
    SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions);
}
