package dev.microgpt.cli.data;

import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.budget.ModelSize;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentCorpus;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextRepairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shuffled documents, the last of which may form the validation split. */
public final class DocumentData implements TrainingData {
    // String and byte[] headers, references in the lists, and a length
    private static final int BYTES_PER_STRING = 60;

    // the fraction of the documents that fit in a block of a size chosen for them
    private static final double MOST_DOCUMENTS = 0.95;

    private final Documents documents;
    private final DocumentCorpus corpus;
    private final double valFraction;
    private final Tokenizer encoder;

    /** The tokens to predict in each document, those of the training split first; 0 before they are counted. */
    private final int[] lengths;

    /**
     * Documents to train on.
     *
     * @param valFraction the fraction of the documents in the validation split
     * @param random      shuffles them
     * @param tokenizer   the tokenizer, or null for one of their characters
     */
    public DocumentData(Documents documents, double valFraction, PythonRandom random, @Nullable Tokenizer tokenizer)
            throws DataException {
        this.documents = documents;
        this.valFraction = valFraction;
        this.corpus = DocumentCorpus.of(documents, random, valFraction, tokenizer);
        this.encoder = documents.encoder(corpus.tokenizer());
        this.lengths = new int[training().size() + validation().size()];
    }

    /** Returns the training split, in its order. */
    public List<String> training() {
        return corpus.training();
    }

    /** Returns the validation split; empty if there is none. */
    public List<String> validation() {
        return corpus.validation();
    }

    @Override
    public DataFormat format() {
        return DataFormat.DOCUMENTS;
    }

    @Override
    public Tokenizer tokenizer() {
        return corpus.tokenizer();
    }

    @Override
    public double valFraction() {
        return valFraction;
    }

    @Override
    public List<String> description() {
        String docs = "num docs: " + training().size();
        return validation().isEmpty()
                ? List.of(docs)
                : List.of(docs, "num validation docs: " + validation().size());
    }

    /** {@inheritDoc} Their block holds most documents as a whole. */
    @Override
    public List<ModelSize> ladder() {
        int[] sorted = new int[training().size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = length(i);
        }
        Arrays.sort(sorted);
        return ModelSize.ofDocuments(sorted[(int) (MOST_DOCUMENTS * (sorted.length - 1))]);
    }

    @Override
    public double meanLength(int blockSize) {
        return (double) trainingTokens(blockSize) / training().size();
    }

    @Override
    public long trainingTokens(int blockSize) {
        return tokens(0, training().size(), blockSize);
    }

    @Override
    public long validationTokens(int blockSize) {
        return tokens(training().size(), lengths.length, blockSize);
    }

    /** Returns the number of tokens to predict in a document, with the one that ends it; encodes it only once. */
    private int length(int document) {
        if (lengths[document] == 0) {
            lengths[document] = encoder.encode(text(document)).length + 1;
        }
        return lengths[document];
    }

    private String text(int document) {
        int held = document - training().size();
        return held < 0 ? training().get(document) : validation().get(held);
    }

    /** Returns the number of tokens to predict in some documents, each cut at the block size. */
    private long tokens(int from, int to, int blockSize) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.min(length(i), blockSize);
        }
        return sum;
    }

    /** {@inheritDoc} Batches cycle through the documents, so a batch may start at any of them. */
    @Override
    public double mostTokens(int batchSize, int blockSize) {
        int documents = training().size();
        double rounds = batchSize / documents;
        double all = trainingTokens(blockSize);
        double most = 0;
        double sum = 0;
        for (int i = 0; i < documents + batchSize % documents; i++) { // a sliding sum over batchSize % documents
            most = Math.max(most, sum);
            sum += Math.min(length(i % documents), blockSize);
            int first = i - batchSize % documents;
            sum -= first >= 0 ? Math.min(length(first), blockSize) : 0;
        }
        return rounds * all + Math.max(most, sum);
    }

    @Override
    public double passes(double sequences, int blockSize) {
        return sequences / training().size();
    }

    /**
     * {@inheritDoc} A string takes one byte per character, and the bytes of the file are kept until they are hashed.
     */
    @Override
    public double heapBytes() {
        double bytes = 0;
        for (String text : documents.texts()) {
            bytes += BYTES_PER_STRING + 2.0 * text.length();
        }
        return bytes;
    }

    @Override
    public List<String> notes(int blockSize) {
        List<String> notes = notes(documents.repairs(), tokenizer());
        List<String> training = training();
        List<String> validation = validation();
        int all = training.size() + validation.size();
        String first = training.get(0);
        if (all > 1 && all == Collections.frequency(training, first) + Collections.frequency(validation, first)) {
            notes.add("all " + all + " documents are the same; a model cannot learn anything else from them");
        }
        int cut = cut(blockSize);
        if (cut > 0) {
            notes.add(cut + " of " + all + " documents are longer than the block size of " + blockSize
                    + "; the model sees only the beginning of them");
        }
        return notes;
    }

    /** Returns the notes that apply to documents and to a single text. */
    public static List<String> notes(TextRepairs repairs, Tokenizer tokenizer) {
        List<String> notes = new ArrayList<>();
        if (!repairs.description().isEmpty()) {
            notes.add("--data: " + repairs.description());
        }
        if (tokenizer.vocabSize() == 2) {
            notes.add("--data has only one distinct character, so a vocabulary of 2: it and the end of a document");
        }
        return notes;
    }

    /** Counts the documents that do not fit in a block together with their first token, BOS. */
    private int cut(int blockSize) {
        int cut = 0;
        for (int i = 0; i < lengths.length; i++) {
            // a BPE token is at least one byte, and a char at most 3 bytes
            long most = (tokenizer() instanceof CharTokenizer ? 1L : 3L) * text(i).length();
            cut += most >= blockSize && length(i) > blockSize ? 1 : 0;
        }
        return cut;
    }

    @Override
    public void check(int blockSize) {
        // documents may be shorter than a block
    }

    @Override
    public BatchSource batches(int blockSize, int batchSize, long seed) {
        return corpus.batches(blockSize, batchSize, seed);
    }

    @Override
    public @Nullable ValidationSet validation(int batchSize, int blockSize) {
        return corpus.validationSet(blockSize, batchSize);
    }

    @Override
    public String sha256() {
        return documents.sha256();
    }
}
