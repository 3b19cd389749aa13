package dev.microgpt.model;

import java.util.Objects;

/**
 * The size of a model and what it is made of; refuses, by an {@link IllegalArgumentException}, numbers that make none.
 *
 * @param vocabSize the number of different tokens, at least 2
 * @param nLayer    the number of blocks, at least 1
 * @param nHead     the number of attention heads in a block, a divisor of {@code nEmbd}
 * @param nEmbd     the number of channels, at least 1
 * @param blockSize the largest number of positions, at least 1
 * @param nInner    the number of channels inside {@link Mlp}, at least 1; usually {@code 4 · nEmbd}
 * @param variant   what the model is made of
 */
public record GptConfig(
        int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, int nInner, GptVariant variant) {
    /**
     * Checks the numbers.
     *
     * @param vocabSize see above
     * @param nLayer see above
     * @param nHead see above
     * @param nEmbd see above
     * @param blockSize see above
     * @param nInner see above
     * @param variant see above
     * @throws IllegalArgumentException if one is too small or if {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig {
        atLeast(2, "vocab-size", vocabSize);
        atLeast(1, "n-layer", nLayer);
        atLeast(1, "n-head", nHead);
        atLeast(1, "n-embd", nEmbd);
        atLeast(1, "block-size", blockSize);
        atLeast(1, "n-inner", nInner);
        Objects.requireNonNull(variant, "variant is null");
        if (nEmbd % nHead != 0) {
            int below = nEmbd - nEmbd % nHead;
            throw new IllegalArgumentException("n-embd " + nEmbd + " is not divisible by n-head " + nHead
                    + "; the nearest that are: " + (below > 0 ? below + " or " : "") + (below + (long) nHead));
        }
    }

    /**
     * Makes a model whose MLPs are four times as wide inside.
     *
     * @param vocabSize see above
     * @param nLayer see above
     * @param nHead see above
     * @param nEmbd see above
     * @param blockSize see above
     * @param variant see above
     * @throws IllegalArgumentException if one is too small or if {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig(int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, GptVariant variant) {
        this(vocabSize, nLayer, nHead, nEmbd, blockSize, usualInner(nEmbd), variant);
    }

    /**
     * Makes a model of the size given out of what microgpt is made of.
     *
     * @param vocabSize see above
     * @param nLayer see above
     * @param nHead see above
     * @param nEmbd see above
     * @param blockSize see above
     * @throws IllegalArgumentException if one is too small or if {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig(int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize) {
        this(vocabSize, nLayer, nHead, nEmbd, blockSize, GptVariant.MICROGPT);
    }

    /**
     * Returns microgpt's model: 1 layer, 4 heads, 16 channels, 16 positions.
     *
     * @param vocabSize the number of different tokens
     * @return the configuration, with 4,192 parameters for 27 tokens
     */
    public static GptConfig microgpt(int vocabSize) {
        return new GptConfig(vocabSize, 1, 4, 16, 16);
    }

    /**
     * Returns the small model that nanoGPT's readme trains on a laptop: 4 layers, 4 heads, 128 channels, 64
     * positions.
     *
     * @param vocabSize the number of different tokens
     * @return the configuration
     */
    public static GptConfig nano(int vocabSize) {
        return new GptConfig(vocabSize, 4, 4, 128, 64, GptVariant.NANO);
    }

    /**
     * Returns GPT-2, the smallest of four: 12 layers, 12 heads, 768 channels, 1,024 positions.
     *
     * @param vocabSize the number of different tokens, 50,257 with GPT-2's own
     * @return the configuration, with 124 million parameters
     */
    public static GptConfig gpt2(int vocabSize) {
        return new GptConfig(vocabSize, 12, 12, 768, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 medium: 24 layers, 16 heads, 1,024 channels, 1,024 positions.
     *
     * @param vocabSize the number of different tokens, 50,257 with GPT-2's own
     * @return the configuration, with 355 million parameters
     */
    public static GptConfig gpt2Medium(int vocabSize) {
        return new GptConfig(vocabSize, 24, 16, 1024, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 large: 36 layers, 20 heads, 1,280 channels, 1,024 positions.
     *
     * @param vocabSize the number of different tokens, 50,257 with GPT-2's own
     * @return the configuration, with 774 million parameters
     */
    public static GptConfig gpt2Large(int vocabSize) {
        return new GptConfig(vocabSize, 36, 20, 1280, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 XL: 48 layers, 25 heads, 1,600 channels, 1,024 positions.
     *
     * @param vocabSize the number of different tokens, 50,257 with GPT-2's own
     * @return the configuration, with 1,558 million parameters
     */
    public static GptConfig gpt2Xl(int vocabSize) {
        return new GptConfig(vocabSize, 48, 25, 1600, 1024, GptVariant.GPT2);
    }

    /**
     * Returns how many numbers are trained.
     *
     * @return the number of elements of all parameters together, as a {@code double} because it may be beyond any
     *     integer; exact up to 2⁵³
     */
    public double parameterCount() {
        double channels = nEmbd;
        double norm = channels * variant.norm().parametersPerChannel();
        double tables = channels * ((variant.tieHead() ? 1.0 : 2.0) * vocabSize + blockSize);
        double biases = variant.bias() ? 5.0 * channels + nInner : 0.0;
        double layer = 4.0 * channels * channels + 2.0 * channels * nInner + biases + 2.0 * norm;
        return tables + nLayer * layer + norm * ((variant.embeddingNorm() ? 1 : 0) + (variant.finalNorm() ? 1 : 0));
    }

    /**
     * Returns a model of the same size made of something else.
     *
     * @param variant what it is made of
     * @return a configuration of which all else is equal
     */
    public GptConfig withVariant(GptVariant variant) {
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, nInner, variant);
    }

    /** Where four times the width is beyond the integers, so is the MLP beyond any array: refused when it is made. */
    private static int usualInner(int nEmbd) {
        return nEmbd < 1 ? 1 : (int) Math.min(4L * nEmbd, Integer.MAX_VALUE);
    }

    private static void atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
