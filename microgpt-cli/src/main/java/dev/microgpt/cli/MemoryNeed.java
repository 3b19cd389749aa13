package dev.microgpt.cli;

import dev.microgpt.model.GptConfig;

/** The memory that a training needs at least, found out before anything is allocated. */
final class MemoryNeed {
    // weight, gradient and two moments
    private static final int NUMBERS_PER_PARAMETER = 4;
    /** The tokens of one character and the end. */
    static final int SHORTEST_DOCUMENT = 2;

    private MemoryNeed() {}

    /** Refuses what cannot fit: batches of so many sequences, of so many tokens at least. */
    static void check(GptConfig config, int batchSize, int sequenceTokens) {
        double numbers = NUMBERS_PER_PARAMETER * config.parameterCount()
                + (double) batchSize * sequenceTokens * numbersPerToken(config);
        double bytes = numbers * Double.BYTES;
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw tooLarge("the training takes at least " + Format.fixed(bytes / (1 << 20), 0)
                    + " MB, the heap is limited to " + (heap >> 20) + " MB");
        }
        double largest =
                config.nEmbd() * Math.max((double) config.nInner(), Math.max(config.vocabSize(), config.blockSize()));
        if (largest > Integer.MAX_VALUE) {
            throw tooLarge("its largest parameter has " + Format.fixed(largest, 0) + " numbers, an array holds at most "
                    + Integer.MAX_VALUE);
        }
    }

    /** What a token of a batch leaves on the tape, with its gradients: at least the residual stream and the logits. */
    private static double numbersPerToken(GptConfig config) {
        return 2.0 * (2.0 * config.nLayer() * config.nEmbd() + config.vocabSize());
    }

    private static CliException tooLarge(String why) {
        return new CliException(
                ExitCode.MEMORY,
                "the model or the batch does not fit the memory: " + why,
                "make --n-layer, --n-embd, --block-size or --batch-size smaller, or give the JVM more, as in java -Xmx8g");
    }
}
