package dev.microgpt.benchmarks;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.List;

/** The training steps that are measured: a model, made-up documents, and how many of these a step takes. */
public enum Workload {
    /** microgpt.py's: names of 3 to 10 letters, one a step. */
    MICRO_1(GptConfig.microgpt(27), 1, 1, 3),
    /** The same, 32 names a step. */
    MICRO_32(GptConfig.microgpt(27), 32, 32, 3),
    /** nanoGPT's smallest, 12 sequences of 64 tokens. */
    NANO(new GptConfig(65, 4, 4, 128, 64), 12, 2, 64),
    /** nanoGPT's Shakespeare model, 4 sequences of 256 tokens. */
    BIG(new GptConfig(65, 6, 6, 384, 256), 4, 1, 256);

    private static final int DOCUMENTS = 1000;

    /** How many letters documents are made of: as many as the vocabulary has tokens beside BOS. */
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

    /** Fewer sequences where a step takes long, so that what is verified before the measurement ends soon. */
    int verifiedBatchSize() {
        return verifiedBatchSize;
    }

    /** Batches of made-up documents, the same ones each time. */
    Batcher batcher(int sequences) {
        List<String> documents = documents(new PythonRandom(42));
        return new Batcher(documents, CharTokenizer.fromDocuments(documents), sequences, config.blockSize());
    }

    /** Few letters are frequent, so that there is something to learn. */
    private List<String> documents(PythonRandom random) {
        int letters = config.vocabSize() - 1;
        List<String> documents = new ArrayList<>();
        documents.add(LETTERS.substring(0, letters)); // so that each occurs
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
