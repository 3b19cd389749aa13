package dev.microgpt.cli.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.budget.ModelSize;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data of a training run, split into training and validation data, with its tokenizer. */
public interface TrainingData {
    DataFormat format();

    Tokenizer tokenizer();

    /** Returns the fraction of the data in the validation split. */
    double valFraction();

    /** Returns lines with the size of the data, in the form of microgpt.py. */
    List<String> description();

    /**
     * Returns notes about unusual data.
     *
     * @param blockSize the block size of the model
     */
    List<String> notes(int blockSize);

    /** Returns the number of tokens in the largest batch. */
    double mostTokens(int batchSize, int blockSize);

    /** Returns the sizes of models for this data, the smallest first. */
    List<ModelSize> ladder();

    /** Returns the mean number of tokens of a sequence. */
    double meanLength(int blockSize);

    /** Returns the number of tokens to predict in the validation split; 0 if there is none. */
    long validationTokens(int blockSize);

    /**
     * Returns how often training sees each document, or each token of a text.
     *
     * @param sequences the number of documents or crops that a run trains on
     */
    double passes(double sequences, int blockSize);

    /** Returns the number of tokens to predict in the training split; of documents, what fits in a block. */
    long trainingTokens(int blockSize);

    /** Estimates the heap that the data takes, in bytes. */
    double heapBytes();

    /** Refuses data that is too short for the block size. */
    void check(int blockSize);

    BatchSource batches(int blockSize, int batchSize, long seed);

    /** Returns the validation split, or null if there is none. */
    @Nullable
    ValidationSet validation(int batchSize, int blockSize);

    /** Returns the SHA-256 of the data; computed at the first call, thread-safe. */
    String sha256() throws IOException;
}
