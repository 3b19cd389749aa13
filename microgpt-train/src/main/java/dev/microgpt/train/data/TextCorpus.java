package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One long text in memory; unless a tokenizer is given, with a token for each character that the whole text has.
 *
 * <p>It takes 2 bytes a token (4 if there are more than 65,536 different ones), and what was read from a stream also that, while it is encoded. A text too large for
 * it can be {@linkplain PreparedCorpus#prepare prepared}.
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
     * Reads a text, twice if it is in files.
     *
     * @param text        where it comes from
     * @param valFraction how much at its end to hold back, from 0 to below 1: the first {@code ⌊n · (1 − valFraction)⌋}
     *     of n characters are for training
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of its range
     * @throws DataException            if the text is not UTF-8, empty or too large, or if a part is held back and
     *     either part has fewer than 2 characters
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction) throws IOException {
        return read(text, valFraction, null);
    }

    /**
     * Reads a text with a tokenizer that is given. The two parts are encoded each by itself, as nanoGPT does.
     *
     * @param text        where it comes from
     * @param valFraction as above
     * @param known       the tokenizer, or null for one of the characters of the text
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of its range
     * @throws DataException            as above, or if the text has a character that the tokenizer has no token for
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        Split.checkFraction(valFraction);
        TextSource source = text.inMemory();
        TextScan scan = TextScan.of(source);
        Tokenizer tokenizer = scan.tokenizerFor(source, known);
        Split split = Split.ofText(scan.characters(), valFraction, text.name());
        int expected =
                tokenizer instanceof CharTokenizer ? (int) Math.min(scan.characters(), MemoryTokens.MAX_COUNT) : 0;
        MemoryTokens.Builder tokens = new MemoryTokens.Builder(expected, tokenizer.vocabSize());
        try (EncodedText encoded = new EncodedText(source, tokenizer)) {
            encoded.copy(split.training(), tokens::append);
            int training = tokens.size();
            encoded.copy(split.validation(), tokens::append);
            encoded.checkEnd();
            return new TextCorpus(tokenizer, tokens.build(), training, scan.repairs());
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** {@return what was set right while the text was read} */
    public TextRepairs repairs() {
        return repairs;
    }

    @Override
    public Tokens training() {
        return tokens.slice(0, training);
    }

    @Override
    public @Nullable Tokens validation() {
        long held = tokens.count() - training;
        return held == 0 ? null : tokens.slice(training, held);
    }

    @Override
    public long validationBytes() {
        Tokens validation = validation();
        return validation == null ? 0 : TokenBytes.afterTheFirst(validation, tokenizer);
    }

    /**
     * {@inheritDoc} It is that of the whole text in UTF-8, and so of the file it comes from, unless something in it was
     * set right.
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
