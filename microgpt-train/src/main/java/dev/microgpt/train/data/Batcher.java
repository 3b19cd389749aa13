package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes batches of documents, in their order, starting over after the last.
 *
 * <p>A document becomes the sequence {@code [BOS] + ids + [BOS]}, truncated to the block size. The batch of a step
 * depends on the number of the step alone, so a run can be resumed at any step.
 */
public final class Batcher implements BatchSource {
    private final List<String> documents;
    private final Tokenizer tokenizer;
    private final int batchSize;
    private final int blockSize;

    /**
     * Creates a batcher.
     *
     * @param documents the documents, already shuffled; not copied
     * @param tokenizer encodes the documents; must have a BOS token
     * @param batchSize the number of documents of a batch, at least 1
     * @param blockSize the largest number of positions of a sequence, at least 1
     * @throws IllegalArgumentException if there are no documents, if the tokenizer has no BOS, or if a size is below 1
     */
    public Batcher(List<String> documents, Tokenizer tokenizer, int batchSize, int blockSize) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("batcher: there are no documents; at least one is needed");
        }
        checkSizes("batcher", batchSize, blockSize);
        checkBos("batcher", tokenizer);
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.batchSize = batchSize;
        this.blockSize = blockSize;
    }

    /** Refuses a size below 1; the message begins with {@code who}. */
    static void checkSizes(String who, int batchSize, int blockSize) {
        if (batchSize < 1 || blockSize < 1) {
            throw new IllegalArgumentException(who + ": the batch size is " + batchSize + " and the block size "
                    + blockSize + "; both must be at least 1");
        }
    }

    /** Refuses a tokenizer without BOS; the message begins with {@code who}. */
    static void checkBos(String who, Tokenizer tokenizer) {
        if (tokenizer.bos() < 0) {
            throw new IllegalArgumentException(who + ": the tokenizer has no BOS token, but documents must begin with"
                    + " one; use another tokenizer, or train on one text");
        }
    }

    /**
     * Makes the only batch of a step.
     *
     * @param step the number of the step, from 0
     * @return {@code batchSize} documents, packed
     * @throws IllegalArgumentException if the step is negative, or if the tokenizer cannot encode a document
     */
    public Batch batch(int step) {
        return batch(step, 0, 1);
    }

    @Override
    public Batch batch(int step, int part, int parts) {
        List<int[]> sequences = new ArrayList<>(batchSize);
        for (int i = 0; i < batchSize; i++) {
            sequences.add(tokens(document(step, part, parts, i)));
        }
        return Batch.forTraining(sequences);
    }

    /**
     * Returns the documents of a step.
     *
     * @param step  the number of the step, from 0
     * @param parts the number of micro-batches per step
     * @return {@code parts · batchSize} documents, in the order of their sequences
     * @throws IllegalArgumentException if the step is negative
     */
    public List<String> documents(int step, int parts) {
        List<String> found = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            for (int i = 0; i < batchSize; i++) {
                found.add(document(step, part, parts, i));
            }
        }
        return found;
    }

    /**
     * Returns the batches of this one, of some documents only: the others have no targets, as if they had no weight.
     * Those that remain keep their step, and their numbers in it.
     *
     * @param kept whether a document remains
     * @return the batches; null where no document remains
     */
    public BatchSource keeping(Predicate<String> kept) {
        return (step, part, parts) -> {
            List<int[]> sequences = new ArrayList<>(batchSize);
            int[] numbers = new int[batchSize];
            for (int i = 0; i < batchSize; i++) {
                String document = document(step, part, parts, i);
                if (kept.test(document)) {
                    numbers[sequences.size()] = part * batchSize + i;
                    sequences.add(tokens(document));
                }
            }
            return sequences.isEmpty()
                    ? null
                    : Batch.forTraining(sequences).withNumbers(Arrays.copyOf(numbers, sequences.size()));
        };
    }

    private String document(int step, int part, int parts, int i) {
        if (step < 0 || part < 0 || part >= parts) {
            throw new IllegalArgumentException("batcher: step " + step + ", part " + part + " of " + parts
                    + ": the step must be at least 0 and the part from 0 to below the number of parts");
        }
        long number = ((long) step * parts + part) * batchSize + i;
        return documents.get((int) (number % documents.size()));
    }

    private int[] tokens(String document) {
        int[] tokens = framed(document, tokenizer);
        // the last token of a block is a target only, so one more fits
        return tokens.length <= blockSize + 1 ? tokens : Arrays.copyOf(tokens, blockSize + 1);
    }

    /** Returns {@code [BOS] + ids + [BOS]}. */
    static int[] framed(String document, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(document);
        int[] tokens = new int[ids.length + 2];
        System.arraycopy(ids, 0, tokens, 1, ids.length);
        tokens[0] = tokenizer.bos();
        tokens[ids.length + 1] = tokenizer.bos();
        return tokens;
    }
}
