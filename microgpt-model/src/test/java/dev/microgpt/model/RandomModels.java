package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.random.PythonRandom;
import java.util.List;
import java.util.Random;

/** Models and token sequences for tests, drawn from seeds. */
public final class RandomModels {
    /** Sizes that end inside, at and beyond a vector of 2, 4 or 8 numbers. */
    public static final List<GptConfig> SHAPES = List.of(
            GptConfig.microgpt(27),
            new GptConfig(2, 1, 1, 1, 9),
            new GptConfig(11, 2, 1, 5, 17),
            new GptConfig(65, 2, 3, 21, 33),
            new GptConfig(31, 3, 2, 32, 24),
            new GptConfig(129, 1, 4, 64, 64),
            new GptConfig(33, 2, 2, 20, 24, GptVariant.NANO),
            new GptConfig(17, 2, 3, 24, 19, GptVariant.GPT2),
            new GptConfig(19, 3, 2, 10, 21, 27, unusual()));

    private RandomModels() {}

    /** A variant that only imported models have: another epsilon in the norms, another attention scale. */
    static GptVariant unusual() {
        return new GptVariant(
                Norm.LAYER_BIAS,
                Activation.GELU_TANH,
                true,
                false,
                false,
                true,
                0.0,
                Initialization.GPT2,
                1e-3,
                AttentionScale.HEAD_AND_LAYER);
    }

    /** A model with weights five times as large as initialized, so that attention is not flat. */
    public static Gpt gpt(GptConfig config, long seed) {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(seed)));
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= 5;
            }
        }
        return gpt;
    }

    /** Up to as many tokens as fit into the block size. */
    public static int[] tokens(GptConfig config, int length, Random random) {
        return random.ints(length, 0, config.vocabSize()).toArray();
    }
}
