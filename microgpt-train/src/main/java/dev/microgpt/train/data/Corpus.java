package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One long text as tokens, split for training and validation. Implementations are thread-safe. */
public interface Corpus {
    /** {@return the tokenizer that made the tokens} */
    Tokenizer tokenizer();

    /** {@return the tokens to train on} */
    Tokens training();

    /** {@return the tokens held out for validation, for {@link TextWindows}; null if there are none} */
    @Nullable
    Tokens validation();

    /**
     * Returns the number of UTF-8 bytes that the targets of {@link TextWindows} over the validation split stand for.
     *
     * @return the bytes of the validation split without its first token, which is no target; 0 without a validation
     *     split
     */
    long validationBytes();

    /**
     * Returns a source of random crops of the training split.
     *
     * @param blockSize the number of positions of each sequence, at least 1
     * @param batchSize the number of sequences of a batch, at least 1
     * @param seed      decides where the crops start
     * @return the source
     * @throws IllegalArgumentException if the training split has no more than {@code blockSize} tokens, or if a size is
     *     below 1
     */
    default BatchSource batches(int blockSize, int batchSize, long seed) {
        return new TextBatcher(training(), batchSize, blockSize, seed);
    }

    /**
     * Returns the validation split in windows.
     *
     * @param blockSize the number of targets of a window, at least 1
     * @param batchSize the number of windows of a batch, at least 1
     * @return the windows; null without a validation split
     * @throws IllegalArgumentException if the split has fewer than 2 tokens, or if a size is below 1
     */
    default @Nullable ValidationSet validationSet(int blockSize, int batchSize) {
        Tokens held = validation();
        return held == null ? null : new TextWindows(held, blockSize, batchSize, validationBytes());
    }

    /**
     * Returns the SHA-256 of the corpus, computed on the first call; any thread may call it.
     *
     * @return 64 lower-case hexadecimal digits
     * @throws IOException if the corpus cannot be read
     */
    String sha256() throws IOException;
}
