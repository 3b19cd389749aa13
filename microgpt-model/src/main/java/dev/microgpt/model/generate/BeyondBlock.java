package dev.microgpt.model.generate;

/**
 * What a model sees when a sequence is longer than its block. One whose decoder
 * {@linkplain dev.microgpt.model.Decoder#isEndless() continues beyond the block} needs no such choice.
 */
public enum BeyondBlock {
    /**
     * The last {@code blockSize} tokens, as in nanoGPT: the most context, but every token moves to another position,
     * so that each new token costs a forward pass over a whole block.
     */
    SLIDE("slide"),

    /**
     * The last half of the block when it is full, which then fills again: between half a block and a whole one of
     * context, and a new token costs two rows on average.
     */
    HALF("half");

    private final String label;

    BeyondBlock(String label) {
        this.label = label;
    }

    /** Returns how many tokens of a full block stay in view, the newest among them. */
    int kept(int blockSize) {
        return this == SLIDE ? blockSize : Math.max(1, blockSize / 2);
    }

    /** {@return the name in configuration, such as {@code slide}} */
    @Override
    public String toString() {
        return label;
    }
}
