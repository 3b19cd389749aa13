package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.GptConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of GPT-2's files in file order, each with the parameters that it contains.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py">
 *     modeling_gpt2.py</a>
 */
final class Gpt2Layout {
    /** Prefix of all names but that of the head, in the files of a model with a language-model head. */
    static final String PREFIX = "transformer.";

    static final String TOKENS = "wte.weight";
    static final String HEAD = "lm_head.weight";

    /** The number of tensors per layer. */
    static final int PER_LAYER = 12;

    private final List<Gpt2Tensor> tensors = new ArrayList<>();
    private final int channels;

    private Gpt2Layout(int channels) {
        this.channels = channels;
    }

    /** Returns the tensors of a model; GPT-2 has gains and biases everywhere. */
    static List<Gpt2Tensor> of(GptConfig config) {
        Shape.of(config.nEmbd(), config.nEmbd()); // refuses an n_embd whose triple would overflow
        Gpt2Layout layout = new Gpt2Layout(config.nEmbd());
        layout.plain(TOKENS, Shape.of(config.vocabSize(), config.nEmbd()), "wte");
        layout.plain("wpe.weight", Shape.of(config.blockSize(), config.nEmbd()), "wpe");
        for (int i = 0; i < config.nLayer(); i++) {
            layout.addLayer("h." + i + ".", "layer" + i + ".", config.nInner());
        }
        layout.norm("ln_f", "final_norm");
        if (!config.get(GptConfig.TIE_HEAD)) {
            layout.plain(HEAD, Shape.of(config.vocabSize(), config.nEmbd()), "lm_head");
        }
        return layout.tensors;
    }

    /** Returns whether a tensor is an attention mask, which older versions of transformers stored. */
    static boolean isConstant(String name) {
        return name.matches("h\\.\\d+\\.attn\\.(bias|masked_bias)");
    }

    private void addLayer(String theirs, String ours, int inner) {
        norm(theirs + "ln_1", ours + "attn_norm");
        String[] weights = {ours + "attn_wq", ours + "attn_wk", ours + "attn_wv"};
        String[] biases = {ours + "attn_bq", ours + "attn_bk", ours + "attn_bv"};
        product(theirs + "attn.c_attn", channels, 3 * channels, List.of(weights), List.of(biases));
        product(theirs + "attn.c_proj", channels, channels, List.of(ours + "attn_wo"), List.of(ours + "attn_bo"));
        norm(theirs + "ln_2", ours + "mlp_norm");
        product(theirs + "mlp.c_fc", channels, inner, List.of(ours + "mlp_fc1"), List.of(ours + "mlp_b1"));
        product(theirs + "mlp.c_proj", inner, channels, List.of(ours + "mlp_fc2"), List.of(ours + "mlp_b2"));
    }

    private void norm(String theirs, String ours) {
        plain(theirs + ".weight", Shape.of(channels), ours + ".gain");
        plain(theirs + ".bias", Shape.of(channels), ours + ".bias");
    }

    private void product(String theirs, int in, int out, List<String> weights, List<String> biases) {
        tensors.add(new Gpt2Tensor(theirs + ".weight", Shape.of(in, out), true, weights));
        tensors.add(new Gpt2Tensor(theirs + ".bias", Shape.of(out), false, biases));
    }

    private void plain(String theirs, Shape shape, String ours) {
        tensors.add(new Gpt2Tensor(theirs, shape, false, List.of(ours)));
    }
}
