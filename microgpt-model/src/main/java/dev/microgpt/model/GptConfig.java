package dev.microgpt.model;

/**
 * The shape of a model; refuses, by an {@link IllegalArgumentException}, numbers that make none.
 *
 * @param vocabSize the number of different tokens, at least 2
 * @param nLayer    the number of blocks, at least 1
 * @param nHead     the number of attention heads in a block, a divisor of {@code nEmbd}
 * @param nEmbd     the number of channels, at least 1
 * @param blockSize the largest number of positions, at least 1
 */
public record GptConfig(int vocabSize, int nLayer, int nHead, int nEmbd, int blockSize) {
    /**
     * Checks the numbers.
     *
     * @param vocabSize see above
     * @param nLayer see above
     * @param nHead see above
     * @param nEmbd see above
     * @param blockSize see above
     * @throws IllegalArgumentException if one is too small or if {@code nEmbd} is not divisible by {@code nHead}
     */
    public GptConfig {
        atLeast(2, "vocab-size", vocabSize);
        atLeast(1, "n-layer", nLayer);
        atLeast(1, "n-head", nHead);
        atLeast(1, "n-embd", nEmbd);
        atLeast(1, "block-size", blockSize);
        if (nEmbd % nHead != 0) {
            int below = nEmbd - nEmbd % nHead;
            throw new IllegalArgumentException("n-embd " + nEmbd + " is not divisible by n-head " + nHead
                    + "; the nearest that are: " + (below > 0 ? below + " or " : "") + (below + (long) nHead));
        }
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
     * Returns how many numbers are trained.
     *
     * @return the number of elements of all parameters together, as a {@code double} because it may be beyond any
     *     integer; exact up to 2⁵³
     */
    public double parameterCount() {
        double channels = nEmbd;
        return channels * (2.0 * vocabSize + blockSize) + nLayer * 12.0 * channels * channels;
    }

    private static void atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
