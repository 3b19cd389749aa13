package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Spelling;
import java.util.List;
import java.util.Set;

/**
 * The keys of {@code config.json} that affect a model here. The keys of token ids are left out: their names are too
 * similar to other keys of transformers.
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
     * Refuses an unknown key that looks like a misspelling of an absent known one.
     *
     * @param where names the file in messages
     * @param keys  the keys of the file
     */
    static void checkSpelling(String where, Set<String> keys) throws HuggingFaceException {
        for (String key : KNOWN) {
            String meant = keys.contains(key) ? null : Spelling.nearest(key, keys);
            if (meant != null && !KNOWN.contains(meant)) {
                throw new HuggingFaceException(where + ": found the unknown field " + Quoted.of(meant) + ", expected "
                        + Quoted.of(key) + "; correct the spelling, or remove the field");
            }
        }
    }
}
