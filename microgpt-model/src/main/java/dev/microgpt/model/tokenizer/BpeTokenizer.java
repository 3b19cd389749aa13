package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.ByteStrings;
import dev.microgpt.model.tokenizer.bpe.CodePoints;
import dev.microgpt.model.tokenizer.bpe.Gpt2Split;
import dev.microgpt.model.tokenizer.bpe.MergeTable;
import dev.microgpt.model.tokenizer.bpe.Utf8;
import dev.microgpt.model.tokenizer.bpe.WordEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Byte-level BPE, the tokenizer of GPT-2: a text is split into words as GPT-2 does, and the bytes of a word are
 * joined by the merges of a vocabulary, the lowest rank first.
 *
 * <p>It knows every text of every language if its vocabulary has all 256 bytes. A special token typed by a user is
 * plain text: {@code encode("<|endoftext|>")} never holds {@link #bos()}. Time grows with the length of the text, for
 * one word of n bytes with n log n.
 *
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.2</a>
 */
public final class BpeTokenizer implements Tokenizer {
    private final BpeVocabulary vocabulary;
    private final MergeTable merges;

    /** The words that are one token, most of those of a usual text, and the ids of these tokens. */
    private final ByteStrings words = new ByteStrings();

    private final int[] idByWord;

    /**
     * Creates the tokenizer of a vocabulary.
     *
     * @param vocabulary tokens and merges, as of GPT-2 or of {@link BpeTrainer}
     */
    public BpeTokenizer(BpeVocabulary vocabulary) {
        this.vocabulary = vocabulary;
        merges = new MergeTable(
                vocabulary.tokens(),
                vocabulary.specialTokens().values(),
                vocabulary.merges().size());
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            merges.add(merge.left(), merge.right(), merge.token());
        }
        idByWord = new int[vocabulary.merges().size()];
        WordEncoder encoder = new WordEncoder(merges, 0);
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            byte[] bytes = vocabulary.tokens()[merge.token()];
            if (encoder.isOneToken(bytes)) {
                idByWord[words.add(bytes, 0, bytes.length)] = merge.token();
            }
        }
    }

    /** {@return the vocabulary, which makes this tokenizer again} */
    public BpeVocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public int vocabSize() {
        return vocabulary.size();
    }

    @Override
    public int bos() {
        return vocabulary.bos();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a surrogate lacks its other half, or a byte of the text is not in the
     *     vocabulary; the index in the message counts code points from 0
     */
    @Override
    public int[] encode(String text) {
        byte[] utf8 = Utf8.encode(text);
        for (int i = 0; i < utf8.length; i++) {
            if (merges.tokenOf(utf8[i]) == MergeTable.NO_TOKEN) {
                throw missing(text, utf8, i);
            }
        }
        WordEncoder encoder = new WordEncoder(merges, utf8.length / 3);
        for (int from = 0, to; from < utf8.length; from = to) {
            to = Gpt2Split.end(utf8, from);
            int word = words.find(utf8, from, to);
            if (word != ByteStrings.ABSENT) {
                encoder.append(idByWord[word]);
            } else {
                encoder.encode(utf8, from, to);
            }
        }
        return encoder.ids();
    }

    private static IllegalArgumentException missing(String text, byte[] utf8, int index) {
        int first = index;
        while ((utf8[first] & 0xC0) == 0x80) { // not the first byte of a character
            first--;
        }
        String before = new String(utf8, 0, first, StandardCharsets.UTF_8);
        return new IllegalArgumentException(
                "tokenizer: " + CodePoints.describe(text.codePointAt(before.length())) + " at index "
                        + before.codePointCount(0, before.length()) + " of the text has the byte "
                        + String.format(Locale.ROOT, "0x%02X", utf8[index])
                        + ", which is no token; use a vocabulary with all 256 bytes, or leave such characters out");
    }

    /**
     * {@inheritDoc}
     *
     * <p>A special token other than {@link #bos()} gives its own text.
     */
    @Override
    public String decode(int... ids) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream(ids.length);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabSize() || ids[i] == bos()) {
                throw new IllegalArgumentException("tokenizer: id " + ids[i] + " at index " + i
                        + (ids[i] == bos()
                                ? " is BOS, which stands for no text; leave it out"
                                : " is not in the vocabulary; the ids are 0 … " + (vocabSize() - 1)));
            }
            utf8.writeBytes(vocabulary.tokens()[ids[i]]);
        }
        return utf8.toString(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int id) {
        return id == bos() ? new byte[0] : vocabulary.bytes(id);
    }

    /**
     * {@inheritDoc}
     *
     * <p>This is a place where GPT-2's split always begins a word, as before white space that follows something else.
     */
    @Override
    public int lastCut(String beginning) {
        return Gpt2Split.lastCut(beginning);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BpeTokenizer bpe && vocabulary.equals(bpe.vocabulary);
    }

    @Override
    public int hashCode() {
        return vocabulary.hashCode();
    }
}
