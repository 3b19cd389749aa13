package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Checks;
import java.util.List;

/**
 * Held-out documents, each a sequence {@code [BOS] + ids + [BOS]} truncated to the block size, as {@link Batcher} makes
 * them for training.
 *
 * <p>Only what is predicted counts, in tokens and bytes: not the rest of a truncated document, which
 * {@link DocumentWindows} evaluates as well. The BOS at the end of a document is a target, but stands for no bytes; the
 * loss per byte includes the cost of predicting it.
 */
public final class DocumentSet implements ValidationSet {
    private final List<String> documents;
    private final Tokenizer tokenizer;
    private final int batchSize;
    private final int blockSize;
    private final long tokens;
    private final long bytes;

    /**
     * Creates the set.
     *
     * @param documents the documents, at least one; not copied
     * @param tokenizer encodes the documents; must have a BOS token
     * @param batchSize the number of documents of a batch, at least 1; the last batch may have fewer
     * @param blockSize the largest number of positions of a sequence, at least 1
     * @throws IllegalArgumentException if there are no documents, if a size is below 1, or if the tokenizer has no BOS
     *     or cannot encode a document
     */
    public DocumentSet(List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize) {
        check("document set", documents, tokenizer, batchSize, blockSize);
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.batchSize = batchSize;
        this.blockSize = blockSize;
        long tokens = 0;
        long bytes = 0;
        for (String document : documents) {
            int[] ids = tokenizer.encode(document);
            tokens += Math.min(ids.length + 1, blockSize);
            for (int i = 0; i < Math.min(ids.length, blockSize); i++) {
                bytes += tokenizer.bytes(ids[i]).length;
            }
        }
        this.tokens = tokens;
        this.bytes = bytes;
    }

    /** Refuses documents that cannot make batches; the message begins with {@code who}. */
    static void check(String who, List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(who + ": there are no documents; at least one is needed");
        }
        Batcher.checkSizes(who, batchSize, blockSize);
        Batcher.checkBos(who, tokenizer);
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
        return (documents.size() - 1) / batchSize + 1;
    }

    @Override
    public Batch batch(int index) {
        Checks.batch("document set", index, batches());
        int from = index * batchSize;
        int size = Math.min(batchSize, documents.size() - from);
        // a batcher of these documents alone: both frame and truncate alike
        return new Batcher(documents.subList(from, from + size), tokenizer, size, blockSize).batch(0);
    }
}
