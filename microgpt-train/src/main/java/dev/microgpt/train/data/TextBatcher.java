package dev.microgpt.train.data;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.model.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes batches of random crops of one long text, as nanoGPT does.
 *
 * <p>The start of a crop depends on the seed, the step and the number of the sequence in the step alone: with gradient
 * accumulation, on any thread and in a resumed run the crops are the same.
 *
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/train.py">nanoGPT, train.py, get_batch</a>
 */
public final class TextBatcher implements BatchSource {
    /** "crops" in ASCII: separates this use of a seed from others. */
    private static final long PURPOSE = 0x63726f7073L;

    private final Tokens tokens;
    private final int batchSize;
    private final int blockSize;
    private final CounterRandom random;

    /**
     * Creates a batcher.
     *
     * @param tokens    the text, more than {@code blockSize} tokens
     * @param batchSize the number of sequences of a batch, at least 1
     * @param blockSize the number of positions of each sequence, at least 1
     * @param seed      decides where the crops start
     * @throws IllegalArgumentException if the text is too short or if a size is below 1
     */
    public TextBatcher(Tokens tokens, int batchSize, int blockSize, long seed) {
        Batcher.checkSizes("text batcher", batchSize, blockSize);
        if (tokens.count() <= blockSize) {
            throw new IllegalArgumentException("text batcher: there are " + tokens.count() + " tokens, but a block of "
                    + blockSize + " and the token that follows it take " + (blockSize + 1L)
                    + "; use a longer text or a smaller block size");
        }
        this.tokens = tokens;
        this.batchSize = batchSize;
        this.blockSize = blockSize;
        this.random = new CounterRandom(seed).child(PURPOSE);
    }

    @Override
    public Batch batch(int step, int part, int parts) {
        CounterRandom ofStep = random.child(step);
        // every start but the last blockSize, which lack the tokens that follow
        long starts = tokens.count() - blockSize;
        long first = (long) part * batchSize;
        List<int[]> sequences = new ArrayList<>(batchSize);
        for (int i = 0; i < batchSize; i++) {
            long start = (long) (ofStep.uniform(first + i) * starts);
            int[] sequence = new int[blockSize + 1];
            tokens.read(start, sequence, 0, sequence.length);
            sequences.add(sequence);
        }
        return Batch.forTraining(sequences);
    }
}
