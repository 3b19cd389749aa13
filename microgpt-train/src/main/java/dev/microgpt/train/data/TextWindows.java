package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.List;

/**
 * A held-out text in windows: each token but the first is scored exactly once.
 *
 * <p>A window has {@code blockSize} targets, the last window the remaining ones. Windows do not overlap unless
 * {@link #withStride} makes them: the first target of a window is predicted from one token, the last from
 * {@code blockSize} tokens, and the model does not see the text before the window.
 */
public final class TextWindows implements ValidationSet {
    private static final String WHO = "text windows";

    private final Tokens tokens;
    private final SlidingWindows sliding;
    private final int batchSize;
    private final long bytes;
    private final long windows;
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
        this(tokens, new SlidingWindows(blockSize, blockSize), batchSize, bytes);
    }

    private TextWindows(Tokens tokens, SlidingWindows sliding, int batchSize, long bytes) {
        Batcher.checkSizes(WHO, batchSize, sliding.blockSize());
        if (tokens.count() < 2) {
            throw new IllegalArgumentException("text windows: there are " + tokens.count()
                    + " tokens, but a token and the one that follows it take 2; hold out more of the text");
        }
        this.tokens = tokens;
        this.sliding = sliding;
        this.batchSize = batchSize;
        this.bytes = bytes;
        windows = sliding.count(tokens.count() - 1);
        batches = SlidingWindows.batches(WHO, windows, batchSize);
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

    /**
     * Returns overlapping windows of the same text, which give most targets more context and take more time: each
     * window begins {@code stride} tokens after the one before and scores only its last {@code stride} targets.
     *
     * @param stride the distance between two windows in tokens, from 1 to the block size, at which they do not overlap
     * @return the windows
     * @throws IllegalArgumentException if the stride is out of range, or if there are more than 2³¹ − 1 batches
     */
    public TextWindows withStride(int stride) {
        return new TextWindows(tokens, SlidingWindows.of(WHO, sliding.blockSize(), stride), batchSize, bytes);
    }

    /** {@return the number of windows} */
    public long windows() {
        return windows;
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
        Checks.batch(WHO, index, batches);
        List<int[]> sequences = new ArrayList<>(batchSize);
        long first = (long) index * batchSize;
        for (long w = first; w < Math.min(windows, first + batchSize); w++) {
            int[] sequence = new int[sliding.length(w, tokens()) + 1];
            tokens.read(w * sliding.stride(), sequence, 0, sequence.length);
            sequences.add(sequence);
        }
        return Batch.forTraining(sequences);
    }

    @Override
    public Window window(int index, int sequence) {
        return sliding.place((long) index * batchSize + sequence);
    }
}
