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
 * Byte-level BPE, the tokenizer of GPT-2: text is split into words as in GPT-2, and the bytes of each word are joined
 * by the merges of a vocabulary, lowest rank first.
 *
 * <p>It can encode any text if its vocabulary has all 256 bytes. A special token in the text is plain text:
 * {@code encode("<|endoftext|>")} never contains {@link #bos()}. Encoding takes time linear in the length of the text,
 * and {@code O(n log n)} for a single word of n bytes.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words
 *     with Subword Units, 2015</a>
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.2</a>
 */
public final class BpeTokenizer implements Tokenizer {
    private final BpeVocabulary vocabulary;
    private final MergeTable merges;

    /** The words that become a single token, as most words of ordinary text do, and the ids of these tokens. */
    private final ByteStrings words = new ByteStrings();

    private final int[] idByWord;

    /**
     * Creates a tokenizer.
     *
     * @param vocabulary tokens and merges, for example those of GPT-2 or of a {@link BpeTrainer}
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

    /** {@return the vocabulary, from which an equal tokenizer can be created} */
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
     * @throws IllegalArgumentException if the text has an unpaired surrogate, or a byte that is not in the vocabulary;
     *     the message gives the index as a number of code points
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
        while ((utf8[first] & 0xC0) == 0x80) { // a continuation byte
            first--;
        }
        String before = new String(utf8, 0, first, StandardCharsets.UTF_8);
        return new IllegalArgumentException(
                "tokenizer: " + CodePoints.describe(text.codePointAt(before.length())) + " at index "
                        + before.codePointCount(0, before.length()) + " of the text has the byte "
                        + String.format(Locale.ROOT, "0x%02X", utf8[index])
                        + ", which is not a token; use a vocabulary with all 256 bytes, or remove such characters");
    }

    /**
     * {@inheritDoc}
     *
     * <p>Special tokens other than {@link #bos()} are decoded to their own text.
     */
    @Override
    public String decode(int... ids) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream(ids.length);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabSize() || ids[i] == bos()) {
                throw new IllegalArgumentException("tokenizer: id " + ids[i] + " at index " + i
                        + (ids[i] == bos()
                                ? " is BOS, which represents no text; leave it out"
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
     * <p>It is a position where GPT-2's split always starts a word, such as before white space that follows other text.
     */
    @Override
    public int lastCut(String beginning) {
        return Gpt2Split.lastCut(beginning);
    }

    @Override
    public String toString() {
        return "BpeTokenizer[" + vocabSize() + " tokens, " + vocabulary.merges().size() + " merges]";
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
