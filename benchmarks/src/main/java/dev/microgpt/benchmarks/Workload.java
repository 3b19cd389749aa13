package dev.microgpt.benchmarks;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.List;

/** The training steps that are measured: a model, generated documents, and the batch size. */
public enum Workload {
    /** microgpt.py's model: names of 3 to 10 letters, one in each batch. */
    MICRO_1(GptConfig.microgpt(27), 1, 1, 3),
    /** The same with 32 names in each batch. */
    MICRO_32(GptConfig.microgpt(27), 32, 32, 3),
    /** nanoGPT's smallest model, 12 sequences of 64 tokens. */
    NANO(GptConfig.microgpt(65).withSizes(4, 4, 128, 64), 12, 2, 64),
    /** nanoGPT's Shakespeare model, 4 sequences of 256 tokens. */
    BIG(GptConfig.microgpt(65).withSizes(6, 6, 384, 256), 4, 1, 256);

    private static final int DOCUMENTS = 1000;

    /** Documents use the first of these, one for each token of the vocabulary except BOS. */
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";

    private final GptConfig config;
    private final int batchSize;
    private final int verifiedBatchSize;
    private final int shortest;

    Workload(GptConfig config, int batchSize, int verifiedBatchSize, int shortest) {
        this.config = config;
        this.batchSize = batchSize;
        this.verifiedBatchSize = verifiedBatchSize;
        this.shortest = shortest;
    }

    GptConfig config() {
        return config;
    }

    int batchSize() {
        return batchSize;
    }

    /** A smaller batch size for large models, because the steps that are verified before the measurement are slow. */
    int verifiedBatchSize() {
        return verifiedBatchSize;
    }

    /** Batches of generated documents, the same in every run. */
    Batcher batcher(int sequences) {
        List<String> documents = documents(new PythonRandom(42));
        return new Batcher(documents, CharTokenizer.fromDocuments(documents), sequences, config.blockSize());
    }

    /** Few letters are frequent, so there is something to learn. */
    private List<String> documents(PythonRandom random) {
        int letters = config.vocabSize() - 1;
        List<String> documents = new ArrayList<>();
        documents.add(LETTERS.substring(0, letters)); // so each letter occurs
        while (documents.size() < DOCUMENTS) {
            StringBuilder text = new StringBuilder();
            for (int length = shortest + random.randbelow(8); length > 0; length--) {
                text.append(LETTERS.charAt(random.randbelow(1 + random.randbelow(letters))));
            }
            documents.add(text.toString());
        }
        return documents;
    }
}
