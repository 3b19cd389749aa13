package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * One long text that is held back, cut into windows that do not overlap: every token but the first is a target once.
 *
 * <p>A window has {@code blockSize} targets, the last one what is left. The first target of a window is predicted from
 * one token, the last from {@code blockSize}; what was before the window is not seen.
 */
public final class TextWindows implements ValidationSet {
    private final Tokens tokens;
    private final int blockSize;
    private final int batchSize;
    private final long bytes;
    private final int batches;

    /**
     * Creates the windows.
     *
     * @param tokens    the text, at least 2 tokens
     * @param blockSize the number of targets of a window, at least 1
     * @param batchSize how many windows a batch has, at least 1; the last may have fewer
     * @param bytes     how many bytes of UTF-8 the text has without its first token, see {@link Corpus#validationBytes}
     * @throws IllegalArgumentException if the text is too short, or has more than 2³¹ − 1 batches, or if a size is
     *     below 1
     */
    public TextWindows(Tokens tokens, int blockSize, int batchSize, long bytes) {
        if (batchSize < 1 || blockSize < 1) {
            throw new IllegalArgumentException("text windows: the batch size is " + batchSize + " and the block size "
                    + blockSize + "; both must be at least 1");
        }
        if (tokens.count() < 2) {
            throw new IllegalArgumentException("text windows: there are " + tokens.count()
                    + " tokens, but a token and the one that follows it take 2; hold back more of the text");
        }
        long batches = ceilDiv(ceilDiv(tokens.count() - 1, blockSize), batchSize);
        if (batches > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("text windows: " + tokens.count() + " tokens in windows of " + blockSize
                    + " make " + batches + " batches of " + batchSize + ", but at most " + Integer.MAX_VALUE
                    + " can be counted; make the batches larger");
        }
        this.tokens = tokens;
        this.blockSize = blockSize;
        this.batchSize = batchSize;
        this.bytes = bytes;
        this.batches = (int) batches;
    }

    /**
     * Creates the windows, and counts the bytes of the text.
     *
     * @param tokens    the text, at least 2 tokens
     * @param blockSize the number of targets of a window, at least 1
     * @param batchSize how many windows a batch has, at least 1; the last may have fewer
     * @param tokenizer what made the tokens
     * @throws IllegalArgumentException if the text is too short, or has more than 2³¹ − 1 batches, or if a size is
     *     below 1
     */
    public TextWindows(Tokens tokens, int blockSize, int batchSize, Tokenizer tokenizer) {
        this(tokens, blockSize, batchSize, TokenBytes.afterTheFirst(tokens, tokenizer));
    }

    @Override
    public long tokens() {
        return tokens.count() - 1;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int batches() {
        return batches;
    }

    @Override
    public Batch batch(int index) {
        if (index < 0 || index >= batches) {
            throw new IllegalArgumentException(
                    "text windows: there is no batch " + index + "; they are 0 … " + (batches - 1));
        }
        List<int[]> windows = new ArrayList<>(batchSize);
        long start = (long) index * batchSize * blockSize;
        for (int i = 0; i < batchSize && start < tokens(); i++) {
            int targets = (int) Math.min(blockSize, tokens() - start);
            int[] window = new int[targets + 1];
            tokens.read(start, window, 0, window.length);
            windows.add(window);
            start += targets;
        }
        return Batch.forTraining(windows);
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
