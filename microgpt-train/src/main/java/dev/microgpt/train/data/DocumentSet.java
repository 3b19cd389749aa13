package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.List;

/**
 * Documents that are held back, each {@code [BOS] + ids + [BOS]} and cut at the block, as {@link Batcher} trains on them.
 *
 * <p>Of a document that is cut, only the part that is predicted counts, in tokens and in bytes. The BOS that ends a
 * document is a target, but stands for no byte; what it costs to predict the ends is shared by the bytes of the text.
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
     * @param tokenizer turns them into tokens
     * @param batchSize how many documents a batch has, at least 1; the last may have fewer
     * @param blockSize the largest number of positions of a sequence, at least 1
     * @throws IllegalArgumentException if there is no document, if a size is below 1, or if the tokenizer cannot express
     *     a document
     */
    public DocumentSet(List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("document set: there are no documents; hold back at least one");
        }
        if (batchSize < 1 || blockSize < 1) {
            throw new IllegalArgumentException("document set: the batch size is " + batchSize + " and the block size "
                    + blockSize + "; both must be at least 1");
        }
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
        if (index < 0 || index >= batches()) {
            throw new IllegalArgumentException(
                    "document set: there is no batch " + index + "; they are 0 … " + (batches() - 1));
        }
        int from = index * batchSize;
        int size = Math.min(batchSize, documents.size() - from);
        // the batcher of these documents alone, so that both frame and cut alike
        return new Batcher(documents.subList(from, from + size), tokenizer, size, blockSize).batch(0);
    }
}
