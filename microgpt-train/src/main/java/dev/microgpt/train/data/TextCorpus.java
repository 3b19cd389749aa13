package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.DataException;
import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One long text in memory, a token for each character; the vocabulary is that of the whole text.
 *
 * <p>It takes 2 bytes a character, and what was read from a stream also that, while it is encoded. A text too large for
 * it can be {@linkplain PreparedCorpus#prepare prepared}.
 */
public final class TextCorpus implements Corpus {
    private static final int HASHED_TOKENS = 1 << 14;

    private final CharTokenizer tokenizer;
    private final MemoryTokens tokens;
    private final Split split;
    private String sha256 = ""; // until it is asked for

    private TextCorpus(CharTokenizer tokenizer, MemoryTokens tokens, Split split) {
        this.tokenizer = tokenizer;
        this.tokens = tokens;
        this.split = split;
    }

    /**
     * Reads a text, twice if it is in files.
     *
     * @param text        where it comes from
     * @param valFraction how much at its end to hold back, from 0 to below 1: the first {@code ⌊n · (1 − valFraction)⌋}
     *     of n characters are for training
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of its range
     * @throws DataException            if the text is not UTF-8, empty or too large, or if a part of it has fewer than 2
     *     characters
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction) throws IOException {
        return read(text, valFraction, null);
    }

    /**
     * Reads a text for a model whose vocabulary is given.
     *
     * @param text        where it comes from
     * @param valFraction as above
     * @param known       the vocabulary, or null for that of the text
     * @return the corpus
     * @throws IllegalArgumentException if the fraction is out of its range
     * @throws DataException            as above, or if the text has a character that is not in the vocabulary
     * @throws IOException              if the text cannot be read
     */
    public static TextCorpus read(TextSource text, double valFraction, @Nullable CharTokenizer known)
            throws IOException {
        Split.checkFraction(valFraction);
        TextSource source = text.inMemory();
        TextScan scan = TextScan.of(source);
        CharTokenizer tokenizer = known == null ? scan.tokenizer() : known;
        checkKnown(scan.tokenizer(), tokenizer, text.name());
        if (scan.characters() > MemoryTokens.MAX_COUNT) {
            throw new DataException("data " + text.name() + ": found " + scan.characters()
                    + " characters, expected at most " + MemoryTokens.MAX_COUNT
                    + " to be kept in memory; prepare a corpus of token files from it");
        }
        Split split = Split.of(scan.characters(), valFraction, text.name());
        MemoryTokens.Builder tokens = new MemoryTokens.Builder((int) scan.characters(), tokenizer.vocabSize());
        try (EncodedText encoded = new EncodedText(source, tokenizer)) {
            encoded.copy(scan.characters(), tokens::append);
            encoded.checkEnd();
        }
        return new TextCorpus(tokenizer, tokens.build(), split);
    }

    private static void checkKnown(CharTokenizer found, CharTokenizer known, String name) throws DataException {
        try {
            known.encode(found.alphabet());
        } catch (IllegalArgumentException unknown) {
            throw new DataException("data " + name + ": " + unknown.getMessage());
        }
    }

    @Override
    public CharTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public Tokens training() {
        return tokens.slice(0, split.training());
    }

    @Override
    public @Nullable Tokens validation() {
        return split.validation() == 0 ? null : tokens.slice(split.training(), split.validation());
    }

    @Override
    public long validationBytes() {
        Tokens validation = validation();
        return validation == null ? 0 : TokenBytes.afterTheFirst(validation, tokenizer);
    }

    /**
     * {@inheritDoc} It is that of the whole text in UTF-8, and so of the file it comes from, unless that has a byte order
     * mark.
     */
    @Override
    public synchronized String sha256() {
        if (sha256.isEmpty()) {
            MessageDigest digest = Sha256.digest();
            int[] ids = new int[HASHED_TOKENS];
            for (long from = 0; from < tokens.count(); from += ids.length) {
                int length = (int) Math.min(ids.length, tokens.count() - from);
                tokens.read(from, ids, 0, length);
                String piece = tokenizer.decode(length == ids.length ? ids : Arrays.copyOf(ids, length));
                digest.update(piece.getBytes(StandardCharsets.UTF_8));
            }
            sha256 = HexFormat.of().formatHex(digest.digest());
        }
        return sha256;
    }
}
