package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import java.util.HashMap;
import java.util.Map;

/** All weights of a model in one array, and their gradients in another one with the same layout. */
final class Weights {
    final double[] data;
    final double[] grad;

    /** Shape {@code (V, C)}, then {@code wpe}, shape {@code (positions, C)}. */
    final int wte = 0;

    final int wpe;
    final int lmHead;

    private final int firstLayer;
    private final int channels;
    private final Map<String, Integer> offsets = new HashMap<>();

    Weights(GptConfig config, Parameters parameters) {
        channels = config.nEmbd();
        wpe = wte + config.vocabSize() * channels;
        lmHead = wpe + config.blockSize() * channels;
        firstLayer = lmHead + config.vocabSize() * channels;
        data = new double[firstLayer + config.nLayer() * layerSize()];
        grad = new double[data.length];
        name(config.nLayer());
        for (Parameter parameter : parameters.all()) {
            System.arraycopy(
                    parameter.data(),
                    0,
                    data,
                    offset(parameter.name()),
                    parameter.shape().size());
        }
    }

    private void name(int layers) {
        offsets.put("wte", wte);
        offsets.put("wpe", wpe);
        offsets.put("lm_head", lmHead);
        int square = channels * channels;
        for (int i = 0; i < layers; i++) {
            String layer = "layer" + i + ".";
            offsets.put(layer + "attn_wv", vkq(i));
            offsets.put(layer + "attn_wk", vkq(i) + square);
            offsets.put(layer + "attn_wq", vkq(i) + 2 * square);
            offsets.put(layer + "attn_wo", wo(i));
            offsets.put(layer + "mlp_fc1", fc1(i));
            offsets.put(layer + "mlp_fc2", fc2(i));
        }
    }

    /** The offset of a parameter of the model, such as {@code layer0.attn_wq}. */
    int offset(String name) {
        return offsets.get(name);
    }

    /**
     * The three projections of attention stacked, shape {@code (3C, C)}, in the order values, keys, queries: then one
     * product over all of them accumulates the gradient of their input in the order of the tape.
     */
    int vkq(int layer) {
        return firstLayer + layer * layerSize();
    }

    /** Shape {@code (C, C)}. */
    int wo(int layer) {
        return vkq(layer) + 3 * channels * channels;
    }

    /** Shape {@code (4C, C)}. */
    int fc1(int layer) {
        return wo(layer) + channels * channels;
    }

    /** Shape {@code (C, 4C)}. */
    int fc2(int layer) {
        return fc1(layer) + 4 * channels * channels;
    }

    private int layerSize() {
        return 12 * channels * channels;
    }
}
