package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Spelling;
import java.util.List;
import java.util.Set;

/**
 * The keys of {@code config.json} that mean something here, but for those of the ids of tokens, which are similar to others
 * that transformers has.
 */
final class Gpt2ConfigKeys {
    private static final List<String> KNOWN = List.of(
            "vocab_size",
            "n_layer",
            "num_hidden_layers",
            "n_head",
            "num_attention_heads",
            "n_embd",
            "hidden_size",
            "n_positions",
            "max_position_embeddings",
            "n_ctx",
            "n_inner",
            "activation_function",
            "layer_norm_epsilon",
            "embd_pdrop",
            "attn_pdrop",
            "resid_pdrop",
            "tie_word_embeddings",
            "scale_attn_weights",
            "scale_attn_by_inverse_layer_idx",
            "add_cross_attention",
            "quantization_config");

    private Gpt2ConfigKeys() {}

    /**
     * Refuses a key that is written nearly as one that is known and not there, for it was meant to be that one.
     *
     * @param where what messages call the file
     * @param keys  those of the file
     */
    static void checkSpelling(String where, Set<String> keys) throws HuggingFaceException {
        for (String key : KNOWN) {
            String meant = keys.contains(key) ? null : Spelling.nearest(key, keys);
            if (meant != null && !KNOWN.contains(meant)) {
                throw new HuggingFaceException(where + ": found the unknown field " + Quoted.of(meant)
                        + ", expected none so similar to " + Quoted.of(key) + "; did you mean that one?");
            }
        }
    }
}
