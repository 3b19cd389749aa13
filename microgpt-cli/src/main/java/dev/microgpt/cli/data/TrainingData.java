package dev.microgpt.cli.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model is trained on, read, split and with its vocabulary. */
public interface TrainingData {
    DataFormat format();

    Tokenizer tokenizer();

    /** Returns the share that is held back. */
    double valFraction();

    /** Returns lines that say how much there is. */
    List<String> description();

    /**
     * Returns lines about what is odd, which may be meant.
     *
     * @param blockSize the largest number of positions
     */
    List<String> notes(int blockSize);

    /** Returns how many tokens the largest batch has. */
    double mostTokens(int batchSize, int blockSize);

    /** Returns about how many bytes of the heap it takes. */
    double heapBytes();

    /** Refuses blocks that are longer than what there is to train on. */
    void check(int blockSize);

    BatchSource batches(int blockSize, int batchSize, long seed);

    /** Returns what is held back, or null if nothing is. */
    @Nullable
    ValidationSet validation(int batchSize, int blockSize);

    /** Returns the SHA-256 of the data, computed when it is first asked for, by any thread. */
    String sha256() throws IOException;
}
