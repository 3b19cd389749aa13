package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.budget.ModelSize;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.Corpus;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.read.TextRepairs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One long text, the end of which may be the validation split. */
public final class TextData implements TrainingData {
    private static final int NARROW_VOCABULARY = 1 << Character.SIZE;

    private static final int FEW_BLOCKS = 10;

    private final Corpus corpus;
    private final TextRepairs repairs;
    private final double valFraction;

    /**
     * A text to train on.
     *
     * @param valFraction the fraction of the text in the validation split
     * @param known       the tokenizer of the model to start from, or null for any
     */
    public TextData(TextCorpus corpus, double valFraction, @Nullable Tokenizer known) {
        this(corpus, corpus.repairs(), valFraction, known);
    }

    private TextData(Corpus corpus, TextRepairs repairs, double valFraction, @Nullable Tokenizer known) {
        this.corpus = corpus;
        this.repairs = repairs;
        this.valFraction = valFraction;
        if (known != null && !known.equals(corpus.tokenizer())) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--data has a vocabulary of " + corpus.tokenizer().vocabSize() + " tokens, which is not that of"
                            + " --init-from with " + known.vocabSize() + " tokens",
                    "prepare the data with the same tokenizer, or give the text itself");
        }
    }

    /** Returns a text that was split into training and validation data when it was prepared. */
    public static TextData prepared(Corpus corpus, @Nullable Tokenizer known) {
        Tokens held = corpus.validation();
        double heldTokens = held == null ? 0 : held.count();
        double valFraction = heldTokens / (corpus.training().count() + heldTokens);
        return new TextData(corpus, TextRepairs.NONE, valFraction, known);
    }

    @Override
    public DataFormat format() {
        return DataFormat.TEXT;
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
        Tokens validation = corpus.validation();
        String tokens = "num tokens: " + corpus.training().count();
        return validation == null ? List.of(tokens) : List.of(tokens, "num validation tokens: " + validation.count());
    }

    @Override
    public List<String> notes(int blockSize) {
        return DocumentData.notes(repairs, corpus.tokenizer());
    }

    /** {@inheritDoc} They leave a few blocks to choose from. */
    @Override
    public List<ModelSize> ladder() {
        List<ModelSize> fitting = new ArrayList<>();
        for (ModelSize size : ModelSize.ofText()) {
            if (fitting.isEmpty()
                    || size.blockSize() * FEW_BLOCKS < corpus.training().count()) {
                fitting.add(size);
            }
        }
        return fitting;
    }

    @Override
    public double meanLength(int blockSize) {
        return blockSize;
    }

    @Override
    public long trainingTokens(int blockSize) {
        return corpus.training().count();
    }

    @Override
    public long validationTokens(int blockSize) {
        Tokens held = corpus.validation();
        return held == null ? 0 : held.count();
    }

    @Override
    public double mostTokens(int batchSize, int blockSize) {
        return (double) batchSize * blockSize;
    }

    @Override
    public double passes(double sequences, int blockSize) {
        return sequences * blockSize / corpus.training().count();
    }

    @Override
    public double heapBytes() {
        if (!(corpus instanceof TextCorpus)) {
            return 0; // it stays on disk
        }
        Tokens held = corpus.validation();
        double tokens = (double) corpus.training().count() + (held == null ? 0 : held.count());
        return tokens * (corpus.tokenizer().vocabSize() <= NARROW_VOCABULARY ? Character.BYTES : Integer.BYTES);
    }

    @Override
    public void check(int blockSize) {
        long found = corpus.training().count();
        if (found <= blockSize) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--data has " + found + " tokens to train on, but must have at least " + (blockSize + 1L)
                            + ": a block of " + blockSize + " and the token that follows it",
                    "provide more data, or reduce --block-size");
        }
        Tokens held = corpus.validation();
        if (held != null && held.count() < 2) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--data has a validation split of " + held.count()
                            + " tokens, but it must be empty or have at least 2",
                    "raise --val-fraction of data prepare");
        }
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
    public String sha256() throws IOException {
        return corpus.sha256();
    }
}
