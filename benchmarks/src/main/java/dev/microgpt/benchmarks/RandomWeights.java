package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Weights for a model too large to draw as microgpt draws them: as spread out, from a fast generator. */
final class RandomWeights {
    private static final double BOUND = 0.08 * Math.sqrt(3); // a uniform number of standard deviation 0.08

    private RandomWeights() {}

    static Parameters of(GptConfig config) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Tensor> stored = new HashMap<>();
        int c = config.nEmbd();
        put(stored, random, "wte", config.vocabSize(), c);
        put(stored, random, "wpe", config.blockSize(), c);
        put(stored, random, "lm_head", config.vocabSize(), c);
        for (int i = 0; i < config.nLayer(); i++) {
            String layer = "layer" + i + ".";
            put(stored, random, layer + "attn_wq", c, c);
            put(stored, random, layer + "attn_wk", c, c);
            put(stored, random, layer + "attn_wv", c, c);
            put(stored, random, layer + "attn_wo", c, c);
            put(stored, random, layer + "mlp_fc1", 4 * c, c);
            put(stored, random, layer + "mlp_fc2", c, 4 * c);
        }
        return Parameters.from(stored);
    }

    private static void put(Map<String, Tensor> stored, SplittableRandom random, String name, int rows, int columns) {
        double[] data = new double[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = BOUND * (2 * random.nextDouble() - 1);
        }
        stored.put(name, Tensor.constant(Shape.of(rows, columns), data));
    }
}
