package dev.microgpt.train.budget;

import dev.microgpt.model.GptConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * One size of the ladder from which a {@link TimeBudget} chooses.
 *
 * @param nLayer        the number of blocks
 * @param nHead         the number of attention heads in a block
 * @param nEmbd         the number of channels
 * @param blockSize     the maximum sequence length in tokens
 * @param tokensPerStep the number of tokens of a training step, about
 * @param learningRate  the peak learning rate
 */
public record ModelSize(int nLayer, int nHead, int nEmbd, int blockSize, int tokensPerStep, double learningRate) {
    private static final int SHORTEST_BLOCK = 16;
    private static final int LONGEST_BLOCK = 1024;

    /** The sizes for one long text, the smallest first: the fourth is that of {@link GptConfig#nano}. */
    private static final List<ModelSize> LADDER = List.of(
            new ModelSize(1, 2, 32, 32, 768, 3e-3),
            new ModelSize(2, 2, 64, 64, 768, 3e-3),
            new ModelSize(3, 4, 96, 64, 768, 2e-3),
            new ModelSize(4, 4, 128, 64, 768, 1e-3),
            new ModelSize(6, 6, 192, 128, 1536, 1e-3),
            new ModelSize(6, 6, 384, 256, 3072, 1e-3),
            new ModelSize(8, 8, 512, 512, 6144, 6e-4),
            new ModelSize(12, 12, 768, 1024, 12288, 6e-4));

    /**
     * Returns the ladder for one long text.
     *
     * @return the sizes, the smallest first
     */
    public static List<ModelSize> ofText() {
        return LADDER;
    }

    /**
     * Returns the ladder for documents, each of which is a sequence of its own: all sizes have the smallest block, from
     * 16 to 1,024 by powers of two, that holds a document of a length.
     *
     * @param length the number of tokens of the document, with the one that ends it
     * @return the sizes, the smallest first
     */
    public static List<ModelSize> ofDocuments(int length) {
        int block = SHORTEST_BLOCK;
        while (block < length && block < LONGEST_BLOCK) {
            block *= 2;
        }
        List<ModelSize> sizes = new ArrayList<>();
        for (ModelSize size : LADDER) {
            sizes.add(new ModelSize(size.nLayer, size.nHead, size.nEmbd, block, size.tokensPerStep, size.learningRate));
        }
        return sizes;
    }

    /**
     * Returns a model of this size.
     *
     * @param base the model with all other settings; its MLP keeps its width relative to the channels
     * @return the configuration
     * @throws IllegalArgumentException if the sizes do not fit the settings of {@code base}
     */
    public GptConfig of(GptConfig base) {
        int inner = (int) ((long) base.nInner() * nEmbd / base.nEmbd());
        return base.withSizes(nLayer, nHead, nEmbd, blockSize).withInner(inner);
    }

    /**
     * Returns the number of sequences of a training step.
     *
     * @param length the mean number of tokens of a sequence, above 0
     * @return at least 1
     */
    public int batchSize(double length) {
        return (int) Math.max(1, Math.round(tokensPerStep / length));
    }
}
