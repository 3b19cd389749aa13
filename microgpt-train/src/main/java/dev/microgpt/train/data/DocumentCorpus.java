package dev.microgpt.train.data;

import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.internal.Quoted;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents to train on, shuffled once and split, with their tokenizer: what {@link Corpus} is for one long text.
 *
 * <pre>{@code
 * DocumentCorpus names = DocumentCorpus.of(Documents.read(Path.of("data/names.txt")), new PythonRandom(42));
 * BatchSource batches = names.batches(16, 1, 42);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class DocumentCorpus {
    private final Documents documents;
    private final Tokenizer tokenizer;
    private final Tokenizer encoder;
    private final List<String> training;
    private final List<String> validation;

    private DocumentCorpus(Documents documents, Tokenizer tokenizer, List<String> shuffled, int kept) {
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.encoder = documents.encoder(tokenizer);
        this.training = Collections.unmodifiableList(shuffled.subList(0, kept));
        this.validation = Collections.unmodifiableList(shuffled.subList(kept, shuffled.size()));
    }

    /**
     * Shuffles documents as microgpt.py does, all of them to train on, with a token for each of their characters.
     *
     * @param documents the documents
     * @param random    shuffles them
     * @return the corpus
     */
    public static DocumentCorpus of(Documents documents, PythonRandom random) {
        List<String> texts = documents.texts();
        random.shuffle(texts);
        return new DocumentCorpus(documents, documents.characters(), texts, texts.size());
    }

    /**
     * Shuffles documents, the last of which are then held out.
     *
     * @param documents   the documents
     * @param random      shuffles them; unchanged if they are refused
     * @param valFraction the fraction to hold out, from 0 to below 1: of {@code n} documents, the first
     *     {@code ⌊n · (1 − valFraction)⌋} are for training
     * @param known       the tokenizer, with a BOS token; null for a token per character of the documents
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of range, or the tokenizer has no BOS
     * @throws DataException            if no document is left to train on, or if the vocabulary lacks a character of
     *     one
     */
    public static DocumentCorpus of(
            Documents documents, PythonRandom random, double valFraction, @Nullable Tokenizer known)
            throws DataException {
        List<String> texts = documents.texts();
        Split split = Split.of(texts.size(), valFraction);
        if (split.training() < 1) {
            throw new DataException("data: the training split has 0 of " + texts.size() + " documents at a validation"
                    + " fraction of " + valFraction + ", but both splits must have at least one; choose another"
                    + " fraction, or provide more data");
        }
        if (known != null) {
            Batcher.checkBos("documents", known);
            checkKnown(documents, texts, documents.encoder(known));
        }
        random.shuffle(texts);
        Tokenizer tokenizer = known == null ? documents.characters() : known;
        return new DocumentCorpus(documents, tokenizer, texts, (int) split.training());
    }

    /** Refuses, before training starts, a document with a character that the tokenizer does not know. */
    private static void checkKnown(Documents documents, List<String> texts, Tokenizer known) throws DataException {
        for (int i = 0; i < texts.size(); i++) {
            try {
                known.encode(texts.get(i));
            } catch (IllegalArgumentException unknown) {
                throw new DataException("data " + documents.place(i) + ": " + Quoted.of(texts.get(i))
                        + " has a character that the tokenizer does not know: " + unknown.getMessage()
                        + "; it must have only characters of the vocabulary: remove that document, or train a new model"
                        + " with another tokenizer");
            }
        }
    }

    /** {@return the tokenizer of the documents} */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** {@return the documents to train on, in their order} */
    public List<String> training() {
        return training;
    }

    /** {@return the documents held out for validation; empty if there are none} */
    public List<String> validation() {
        return validation;
    }

    /**
     * Returns the training split in batches, which cycle through it in its order.
     *
     * @param blockSize the largest number of positions of a sequence, at least 1
     * @param batchSize the number of documents of a batch, at least 1
     * @param seed      not used, since the shuffle decided the order; a {@link Corpus} needs it at this place
     * @return the batches
     * @throws IllegalArgumentException if a size is below 1
     */
    public Batcher batches(int blockSize, int batchSize, long seed) {
        return new Batcher(training, encoder, batchSize, blockSize);
    }

    /**
     * Returns the validation split in batches.
     *
     * @param blockSize the largest number of positions of a sequence, at least 1
     * @param batchSize the number of documents of a batch, at least 1
     * @return the documents, each cut at the block size; null if there are none
     * @throws IllegalArgumentException if a size is below 1
     */
    public @Nullable ValidationSet validationSet(int blockSize, int batchSize) {
        return validation.isEmpty() ? null : new DocumentSet(validation, encoder, batchSize, blockSize);
    }

    /**
     * Returns the SHA-256 of the documents, computed on the first call; any thread may call it.
     *
     * @return that of {@link Documents#sha256}
     */
    public String sha256() {
        return documents.sha256();
    }
}
