package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Checks;
import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One long text in memory, with a token for each of its characters unless a tokenizer is given.
 *
 * <p>It needs 2 bytes per token, or 4 if the vocabulary has more than 65,536 tokens, and while a stream is encoded also
 * the bytes of the stream. A larger text can be {@linkplain PreparedCorpus#prepare prepared}.
 */
public final class TextCorpus implements Corpus {
    private final Tokenizer tokenizer;
    private final MemoryTokens tokens;
    private final long training;
    private final TextRepairs repairs;
    private String sha256 = ""; // until it is asked for

    private TextCorpus(Tokenizer tokenizer, MemoryTokens tokens, long training, TextRepairs repairs) {
        this.tokenizer = tokenizer;
        this.tokens = tokens;
        this.training = training;
        this.repairs = repairs;
    }

    /**
     * Reads a text with a token for each of its characters. Files are read twice.
     *
     * @param text        the text
     * @param valFraction the fraction at the end of the text to hold out, from 0 to below 1: of {@code n} characters,
     *     the first {@code ⌊n · (1 − valFraction)⌋} are for training
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of range
     * @throws DataException            if the text is empty, too large or not UTF-8, or if there is a validation split
     *     and either split has fewer than 2 characters
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction) throws IOException {
        return read(text, valFraction, null);
    }

    /**
     * Reads a text with a given tokenizer. The two splits are encoded separately, as in nanoGPT.
     *
     * @param text        the text; several files of a folder are joined as records are
     * @param valFraction the fraction at the end of the text to hold out, counted in characters
     * @param known       the tokenizer; null for a token per character of the text
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of range
     * @throws DataException            as without a tokenizer, or if the vocabulary lacks a character of the text
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        return read(text, RecordFormat.lines(), valFraction, known);
    }

    /**
     * Reads the records of a text as one long text. Between two records, or two files if they are read as they are, is
     * the token BOS, so that a model learns where a text ends; with a tokenizer without BOS it is a blank line.
     *
     * @param text        the text
     * @param format      what the records are; {@link RecordFormat#lines} for each file as it is
     * @param valFraction the fraction at the end of the text to hold out, counted in characters
     * @param known       the tokenizer; null for a token per character of the text
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of range
     * @throws DataException            as without a tokenizer, if the vocabulary lacks a character of the text, or if
     *     a file breaks a rule of its format
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, RecordFormat format, double valFraction, @Nullable Tokenizer known)
            throws IOException {
        Checks.fraction("validation fraction", valFraction);
        TextSource source = text.inMemory();
        TextScan scan = TextScan.of(source, format, known);
        Tokenizer tokenizer = scan.tokenizerFor(source, format, known);
        Split split = Split.ofText(scan.characters(), valFraction, text.name());
        int expected =
                tokenizer instanceof CharTokenizer ? (int) Math.min(scan.characters(), MemoryTokens.MAX_COUNT) : 0;
        MemoryTokens.Builder tokens = new MemoryTokens.Builder(expected, tokenizer.vocabSize());
        try (EncodedText encoded = new EncodedText(source, format, tokenizer)) {
            encoded.copy(split.training(), tokens::append);
            int training = tokens.size();
            encoded.copy(split.validation(), tokens::append);
            encoded.checkEnd();
            return new TextCorpus(tokenizer, tokens.build(), training, scan.repairs(tokenizer));
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** {@return what was normalized while the text was read} */
    public TextRepairs repairs() {
        return repairs;
    }

    @Override
    public Tokens training() {
        return tokens.slice(0, training);
    }

    @Override
    public @Nullable Tokens validation() {
        long count = tokens.count() - training;
        return count == 0 ? null : tokens.slice(training, count);
    }

    @Override
    public long validationBytes() {
        Tokens validation = validation();
        return validation == null ? 0 : TokenBytes.afterTheFirst(validation, tokenizer);
    }

    /**
     * {@inheritDoc} It is the hash of the whole text in UTF-8, which is that of its file unless something was
     * normalized. BOS is hashed as the byte 0xFF, and any other special token has that byte before its text.
     */
    @Override
    public synchronized String sha256() {
        if (sha256.isEmpty()) {
            MessageDigest digest = Sha256.digest();
            TokenBytes.each(tokens, tokenizer, digest::update);
            sha256 = HexFormat.of().formatHex(digest.digest());
        }
        return sha256;
    }
}
