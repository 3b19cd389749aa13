package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentSet;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.Split;
import dev.microgpt.train.data.TextRepairs;
import dev.microgpt.train.data.ValidationSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents, shuffled, the last of them perhaps held back. */
public final class DocumentData implements TrainingData {
    // two objects, and where they are in the lists
    private static final int BYTES_PER_STRING = 56;

    // characters of a document in a message
    private static final int SHOWN = 40;

    private final Documents documents;
    private final double valFraction;
    private final Tokenizer tokenizer;
    private final List<String> training;
    private final List<String> validation;

    public DocumentData(Documents documents, double valFraction, PythonRandom random, @Nullable Tokenizer tokenizer) {
        this.documents = documents;
        this.valFraction = valFraction;
        List<String> texts = documents.texts();
        random.shuffle(texts);
        if (tokenizer == null) {
            this.tokenizer = CharTokenizer.fromDocuments(texts);
        } else {
            this.tokenizer = tokenizer;
            checkKnown(documents, tokenizer);
        }
        int kept = (int) Split.of(texts.size(), valFraction).training();
        if (kept < 1) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--val-fraction " + valFraction + ": found " + texts.size() + " documents, of which " + kept
                            + " would be trained on, expected at least one on each side",
                    "choose another --val-fraction, or more data");
        }
        training = texts.subList(0, kept);
        validation = texts.subList(kept, texts.size());
    }

    /** Refuses, before anything is trained, a document that the model has no tokens for. */
    private static void checkKnown(Documents documents, Tokenizer known) {
        List<String> texts = documents.texts();
        for (int i = 0; i < texts.size(); i++) {
            try {
                known.encode(texts.get(i));
            } catch (IllegalArgumentException unknown) {
                throw new CliException(
                        ExitCode.CONTENT,
                        "data " + documents.place(i) + ": found \"" + shortened(texts.get(i)) + "\", expected only"
                                + " characters that the tokenizer knows: " + unknown.getMessage(),
                        "take that line out, or train a new model with another tokenizer");
            }
        }
    }

    private static String shortened(String text) {
        int end = text.offsetByCodePoints(0, Math.min(SHOWN, text.codePointCount(0, text.length())));
        return Format.visible(text.substring(0, end)) + (end < text.length() ? "…" : "");
    }

    @Override
    public DataFormat format() {
        return DataFormat.DOCUMENTS;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public double valFraction() {
        return valFraction;
    }

    @Override
    public List<String> description() {
        String docs = "num docs: " + training.size();
        return validation.isEmpty() ? List.of(docs) : List.of(docs, "num validation docs: " + validation.size());
    }

    /** {@inheritDoc} Batches go round and round over the documents, so any of them may come first. */
    @Override
    public double mostTokens(int batchSize, int blockSize) {
        int documents = training.size();
        double rounds = batchSize / documents;
        int[] lengths = new int[documents];
        double all = 0;
        for (int i = 0; i < documents; i++) {
            lengths[i] = Math.min(tokenizer.encode(training.get(i)).length + 1, blockSize);
            all += lengths[i];
        }
        double most = 0;
        double sum = 0;
        for (int i = 0; i < documents + batchSize % documents; i++) { // of the last few before each place
            most = Math.max(most, sum);
            sum += lengths[i % documents];
            int first = i - batchSize % documents;
            sum -= first >= 0 ? lengths[first] : 0;
        }
        return rounds * all + Math.max(most, sum);
    }

    /** {@inheritDoc} Each text is a string of bytes, and until they are hashed the bytes of the file are there, too. */
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
        List<String> notes = notes(documents.repairs(), tokenizer);
        int all = training.size() + validation.size();
        String first = training.get(0);
        if (all > 1 && all == Collections.frequency(training, first) + Collections.frequency(validation, first)) {
            notes.add("all " + all + " documents are the same, which is all that a model can learn from them");
        }
        int cut = cut(training, blockSize) + cut(validation, blockSize);
        if (cut > 0) {
            notes.add(cut + " of " + all + " documents are longer than the " + blockSize
                    + " positions of the model, which sees their beginnings only");
        }
        return notes;
    }

    /** What is to be said of any text. */
    public static List<String> notes(TextRepairs repairs, Tokenizer tokenizer) {
        List<String> notes = new ArrayList<>();
        if (!repairs.description().isEmpty()) {
            notes.add("--data: " + repairs.description());
        }
        if (tokenizer.vocabSize() == 2) {
            notes.add("--data: found a single character, so a vocabulary of 2, itself and the end of a document");
        }
        return notes;
    }

    /** The token that begins a document takes a position too. */
    private int cut(List<String> texts, int blockSize) {
        int cut = 0;
        for (String text : texts) {
            // a token of BPE is a byte at least, and a char is 3 bytes at most
            long most = tokenizer instanceof CharTokenizer ? text.length() : 3L * text.length();
            cut += most >= blockSize && tokenizer.encode(text).length >= blockSize ? 1 : 0;
        }
        return cut;
    }

    @Override
    public void check(int blockSize) {
        // a block need not be full
    }

    @Override
    public BatchSource batches(int blockSize, int batchSize, long seed) {
        return new Batcher(training, tokenizer, batchSize, blockSize);
    }

    @Override
    public @Nullable ValidationSet validation(int batchSize, int blockSize) {
        return validation.isEmpty() ? null : new DocumentSet(validation, tokenizer, batchSize, blockSize);
    }

    @Override
    public String sha256() {
        return documents.sha256();
    }
}
