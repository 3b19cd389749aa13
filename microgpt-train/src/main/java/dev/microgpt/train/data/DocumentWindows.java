package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whole documents, each a sequence {@code [BOS] + ids + [BOS]}: one that is longer than the block size is evaluated in
 * windows, so that every token but the first BOS is scored exactly once.
 *
 * <p>Only the first window of a document begins with BOS. {@link DocumentSet} instead leaves out what a model does not
 * see in training: the rest of a document beyond the block size. Confined to one thread at a time.
 */
public final class DocumentWindows implements ValidationSet {
    private static final String WHO = "document windows";

    private final List<String> documents;
    private final Tokenizer tokenizer;
    private final SlidingWindows sliding;
    private final int batchSize;
    private final long[] starts; // the number of windows before each document, and that of all windows
    private final long tokens;
    private final long bytes;
    private final int batches;

    /** The document of the last window and its tokens, because the next window is usually in the same one. */
    private int current = -1;

    private int[] currentTokens = {};

    /**
     * Creates the windows.
     *
     * @param documents the documents, at least one; not copied
     * @param tokenizer encodes the documents; must have a BOS token
     * @param batchSize the number of windows of a batch, at least 1; the last batch may have fewer
     * @param blockSize the largest number of targets of a window, at least 1
     * @param stride    the distance between two windows in tokens, from 1 to the block size, at which they do not
     *     overlap; otherwise a window scores only the targets that no earlier one has scored
     * @throws IllegalArgumentException if there are no documents, if a number is out of range, if there are more than
     *     2³¹ − 1 batches, or if the tokenizer has no BOS or cannot encode a document
     */
    public DocumentWindows(List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize, int stride) {
        DocumentSet.check(WHO, documents, tokenizer, batchSize, blockSize);
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.batchSize = batchSize;
        sliding = SlidingWindows.of(WHO, blockSize, stride);
        starts = new long[documents.size() + 1];
        long tokens = 0;
        long bytes = 0;
        for (int i = 0; i < documents.size(); i++) {
            int[] ids = tokenizer.encode(documents.get(i));
            starts[i + 1] = starts[i] + sliding.count(ids.length + 1L);
            tokens += ids.length + 1L;
            for (int id : ids) {
                bytes += tokenizer.bytes(id).length;
            }
        }
        this.tokens = tokens;
        this.bytes = bytes;
        batches = SlidingWindows.batches(WHO, windows(), batchSize);
    }

    /** {@return the number of windows of all documents} */
    public long windows() {
        return starts[documents.size()];
    }

    @Override
    public long tokens() {
        return tokens;
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
        List<int[]> sequences = new ArrayList<>();
        long first = (long) index * batchSize;
        for (long w = first; w < Math.min(windows(), first + batchSize); w++) {
            int document = documentOf(w);
            int[] all = tokensOf(document);
            long inDocument = w - starts[document];
            int start = (int) sliding.place(inDocument).start();
            int targets = sliding.length(inDocument, all.length - 1L);
            sequences.add(Arrays.copyOfRange(all, start, start + targets + 1));
        }
        return Batch.forTraining(sequences);
    }

    @Override
    public Window window(int index, int sequence) {
        long window = (long) index * batchSize + sequence;
        return sliding.place(window - starts[documentOf(window)]);
    }

    private int documentOf(long window) {
        int place = Arrays.binarySearch(starts, window);
        return place >= 0 ? place : -place - 2; // every document has a window, so the starts ascend
    }

    private int[] tokensOf(int document) {
        if (document != current) {
            currentTokens = Batcher.framed(documents.get(document), tokenizer);
            current = document;
        }
        return currentTokens;
    }
}
