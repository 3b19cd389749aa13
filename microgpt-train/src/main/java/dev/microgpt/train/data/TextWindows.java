package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A held-out text in windows that do not overlap: each token but the first is a target exactly once.
 *
 * <p>A window has {@code blockSize} targets, the last window the remaining ones. The first target of a window is
 * predicted from one token, the last from {@code blockSize} tokens; the model does not see the text before the window.
 */
public final class TextWindows implements ValidationSet {
    private final Tokens tokens;
    private final int blockSize;
    private final int batchSize;
    private final long bytes;
    private final int batches;

    /**
     * Creates the windows of a text whose size in bytes is known.
     *
     * @param tokens    the text, at least 2 tokens
     * @param blockSize the number of targets of a window, at least 1
     * @param batchSize the number of windows of a batch, at least 1; the last batch may have fewer
     * @param bytes the number of UTF-8 bytes of the text without its first token, see {@link Corpus#validationBytes}
     * @throws IllegalArgumentException if the text is too short or has more than 2³¹ − 1 batches, or if a size is below
     *     1
     */
    public TextWindows(Tokens tokens, int blockSize, int batchSize, long bytes) {
        Batcher.checkSizes("text windows", batchSize, blockSize);
        if (tokens.count() < 2) {
            throw new IllegalArgumentException("text windows: there are " + tokens.count()
                    + " tokens, but a token and the one that follows it take 2; hold out more of the text");
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
     * Creates the windows and counts the bytes of the text.
     *
     * @param tokens    the text, at least 2 tokens
     * @param blockSize the number of targets of a window, at least 1
     * @param batchSize the number of windows of a batch, at least 1; the last batch may have fewer
     * @param tokenizer the tokenizer that made the tokens
     * @throws IllegalArgumentException if the text is too short or has more than 2³¹ − 1 batches, or if a size is below
     *     1
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
