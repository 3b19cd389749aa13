package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models and token sequences for tests, drawn from seeds. */
public final class RandomModels {
    /** Sizes that end inside, at and beyond a vector of 2, 4 or 8 numbers. */
    public static final List<GptConfig> SHAPES = List.of(
            GptConfig.microgpt(27),
            GptConfig.microgpt(2).withSizes(1, 1, 1, 9),
            GptConfig.microgpt(11).withSizes(2, 1, 5, 17),
            GptConfig.microgpt(65).withSizes(2, 3, 21, 33),
            GptConfig.microgpt(31).withSizes(3, 2, 32, 24),
            GptConfig.microgpt(129).withSizes(1, 4, 64, 64),
            GptConfig.nano(33).withSizes(2, 2, 20, 24),
            GptConfig.gpt2(17).withSizes(2, 3, 24, 19),
            GptConfig.llama(23).withSizes(2, 4, 24, 21).withInner(25),
            GptConfig.nanochat(15).withSizes(2, 2, 12, 19),
            GptConfig.nano(9)
                    .withSizes(1, 2, 12, 9)
                    .withPositions(Positions.ROPE)
                    .withMlp(Mlp.GEGLU)
                    .with(GptConfig.BIAS, true)
                    .with(GptConfig.ROPE_THETA, 7.0),
            unusual().withVocabSize(19).withSizes(3, 2, 10, 21).withInner(27),
            windowed().withVocabSize(23).withSizes(2, 6, 20, 37),
            windowed()
                    .withVocabSize(13)
                    .withSizes(1, 4, 16, 80)
                    .with(GptConfig.N_KV_HEAD, 1)
                    .with(GptConfig.WINDOW, 11)
                    .with(GptConfig.QK_NORM, Norm.RMS_GAIN));

    private RandomModels() {}

    /** A variant that only imported models have: another epsilon in the norms, another attention scale. */
    static GptConfig unusual() {
        return GptConfig.microgpt(2)
                .withNorm(Norm.LAYER_BIAS)
                .withActivation(Activation.GELU_TANH)
                .with(GptConfig.BIAS, true)
                .with(GptConfig.EMBEDDING_NORM, false)
                .with(GptConfig.FINAL_NORM, true)
                .with(GptConfig.INITIALIZATION, Initialization.GPT2)
                .with(GptConfig.NORM_EPS, 1e-3)
                .with(GptConfig.ATTENTION_SCALE, AttentionScale.HEAD_AND_LAYER);
    }

    /** Heads that share keys and values, of a width of their own, normalized, that see the last three tokens. */
    public static GptConfig windowed() {
        return GptConfig.microgpt(2)
                .withNorm(Norm.RMS_GAIN)
                .withPositions(Positions.NONE)
                .with(GptConfig.N_HEAD, 6)
                .with(GptConfig.N_KV_HEAD, 2)
                .with(GptConfig.HEAD_DIM, 3)
                .with(GptConfig.WINDOW, 3)
                .with(GptConfig.QK_NORM, Norm.RMS)
                .with(GptConfig.QKV_BIAS, true);
    }

    /** A model with weights five times as large as initialized, so that attention is not flat. */
    public static Gpt gpt(GptConfig config, long seed) {
        Gpt gpt = withoutZeros(config, seed);
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= 5;
            }
        }
        return gpt;
    }

    /** A model that also draws the weights that begin as zeros, with which nothing could be seen of the others. */
    static Gpt withoutZeros(GptConfig config, long seed) {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(seed)));
        PythonRandom random = new PythonRandom(seed + 1);
        for (Parameter parameter : gpt.parameters().all()) {
            if (parameter.shape().rank() > 1 && Arrays.stream(parameter.data()).allMatch(x -> x == 0)) {
                Initialization.SCALED.weights(config.nEmbd()).fill(parameter.data(), parameter.shape(), random);
            }
        }
        return gpt;
    }

    /** The same model with another block size, of which no weight depends. */
    public static Gpt withBlockSize(Gpt gpt, int blockSize) {
        Map<String, Tensor> weights = new HashMap<>();
        gpt.parameters().all().forEach(parameter -> weights.put(parameter.name(), parameter));
        return new Gpt(gpt.config().withBlockSize(blockSize), Parameters.from(weights));
    }

    /** Up to as many tokens as fit into the block size. */
    public static int[] tokens(GptConfig config, int length, Random random) {
        return random.ints(length, 0, config.vocabSize()).toArray();
    }
}
