package dev.microgpt.model;

import java.util.Objects;

/**
 * The sizes of a model and its {@link GptVariant}.
 *
 * @param vocabSize the vocabulary size {@code V}, the number of different tokens
 * @param nLayer    the number of blocks
 * @param nHead     the number of attention heads {@code H} in a block
 * @param nEmbd     the number of channels {@code C}, the embedding width
 * @param blockSize the maximum sequence length in tokens
 * @param nInner    the number of channels {@code I} inside the {@link Mlp}, usually {@code 4 · nEmbd}
 * @param variant   the components of the model
 */
public record GptConfig(
        int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, int nInner, GptVariant variant) {
    /**
     * Creates a configuration.
     *
     * @param vocabSize at least 2
     * @param nLayer    at least 1
     * @param nHead     at least 1, a divisor of {@code nEmbd}
     * @param nEmbd     at least 1
     * @param blockSize at least 1
     * @param nInner    at least 1
     * @param variant   the components of the model
     * @throws IllegalArgumentException if a number is too small, or {@code nEmbd} is not divisible by {@code nHead}
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
            long above = below + (long) nHead;
            throw new IllegalArgumentException("n-embd " + nEmbd + " is not divisible by n-head " + nHead
                    + (below > 0
                            ? "; the nearest multiples are " + below + " and " + above
                            : "; the nearest multiple is " + above));
        }
    }

    /**
     * Creates a configuration with the usual MLP, four times as wide as the embedding.
     *
     * @param vocabSize at least 2
     * @param nLayer    at least 1
     * @param nHead     at least 1, a divisor of {@code nEmbd}
     * @param nEmbd     at least 1
     * @param blockSize at least 1
     * @param variant   the components of the model
     * @throws IllegalArgumentException if a number is too small, or {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig(int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize, GptVariant variant) {
        this(vocabSize, nLayer, nHead, nEmbd, blockSize, usualInner(nEmbd), variant);
    }

    /**
     * Creates a configuration with the usual MLP and the components of microgpt.
     *
     * @param vocabSize at least 2
     * @param nLayer    at least 1
     * @param nHead     at least 1, a divisor of {@code nEmbd}
     * @param nEmbd     at least 1
     * @param blockSize at least 1
     * @throws IllegalArgumentException if a number is too small, or {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig(int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize) {
        this(vocabSize, nLayer, nHead, nEmbd, blockSize, GptVariant.MICROGPT);
    }

    /**
     * Returns the model of microgpt: 1 layer, 4 heads, 16 channels, block size 16.
     *
     * @param vocabSize the vocabulary size
     * @return the configuration, with 4,192 parameters for 27 tokens
     */
    public static GptConfig microgpt(int vocabSize) {
        return new GptConfig(vocabSize, 1, 4, 16, 16);
    }

    /**
     * Returns the small model that nanoGPT's README trains on a laptop: 4 layers, 4 heads, 128 channels, block size 64.
     *
     * @param vocabSize the vocabulary size
     * @return the configuration, with 0.8 million parameters for 65 tokens
     */
    public static GptConfig nano(int vocabSize) {
        return new GptConfig(vocabSize, 4, 4, 128, 64, GptVariant.NANO);
    }

    /**
     * Returns GPT-2 small: 12 layers, 12 heads, 768 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size; GPT-2's own is 50,257
     * @return the configuration, with 124 million parameters
     */
    public static GptConfig gpt2(int vocabSize) {
        return new GptConfig(vocabSize, 12, 12, 768, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 medium: 24 layers, 16 heads, 1,024 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size; GPT-2's own is 50,257
     * @return the configuration, with 355 million parameters
     */
    public static GptConfig gpt2Medium(int vocabSize) {
        return new GptConfig(vocabSize, 24, 16, 1024, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 large: 36 layers, 20 heads, 1,280 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size; GPT-2's own is 50,257
     * @return the configuration, with 774 million parameters
     */
    public static GptConfig gpt2Large(int vocabSize) {
        return new GptConfig(vocabSize, 36, 20, 1280, 1024, GptVariant.GPT2);
    }

    /**
     * Returns GPT-2 XL: 48 layers, 25 heads, 1,600 channels, block size 1,024.
     *
     * @param vocabSize the vocabulary size; GPT-2's own is 50,257
     * @return the configuration, with 1,558 million parameters
     */
    public static GptConfig gpt2Xl(int vocabSize) {
        return new GptConfig(vocabSize, 48, 25, 1600, 1024, GptVariant.GPT2);
    }

    /**
     * {@return the number of trainable values: the elements of all parameters together; a {@code double} because it may
     * exceed any integer type, exact up to 2⁵³}
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
     * Returns this configuration with another vocabulary size.
     *
     * @param vocabSize at least 2
     * @return a configuration in which all else is equal
     * @throws IllegalArgumentException if the vocabulary size is below 2
     */
    public GptConfig withVocabSize(int vocabSize) {
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, nInner, variant);
    }

    /**
     * Returns this configuration with another width inside the {@link Mlp}.
     *
     * @param nInner at least 1
     * @return a configuration in which all else is equal
     * @throws IllegalArgumentException if the width is below 1
     */
    public GptConfig withInner(int nInner) {
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, nInner, variant);
    }

    /**
     * Returns this configuration with another variant.
     *
     * @param variant the components of the model
     * @return a configuration of the same sizes
     */
    public GptConfig withVariant(GptVariant variant) {
        return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize, nInner, variant);
    }

    /**
     * Four times the width, capped: an MLP beyond the int range exceeds any array and is refused when it is created.
     */
    private static int usualInner(int nEmbd) {
        return nEmbd < 1 ? 1 : (int) Math.min(4L * nEmbd, Integer.MAX_VALUE);
    }

    private static void atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
