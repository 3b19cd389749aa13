package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.ByteStrings;
import dev.microgpt.model.tokenizer.bpe.Gpt2Split;
import dev.microgpt.model.tokenizer.bpe.MergeLearner;
import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.util.Arrays;

/**
 * Learns a byte-level BPE vocabulary from text.
 *
 * <p>Starting from single bytes, it repeatedly merges the most frequent pair of adjacent tokens; ties are broken by the
 * lower left id, then by the lower right id. Pairs are counted within the words of GPT-2's split, {@code aaa} as two of
 * {@code aa}. The same texts give the same vocabulary on every machine and in any order, which is also that of Hugging
 * Face's trainer. A pair with more than {@value BpeVocabulary#MAX_TOKEN_BYTES} bytes is never merged.
 *
 * <p>Ids are assigned as in GPT-2: the 256 bytes in the order of their {@link ByteLetters}, the merges in the order of
 * their ranks, and {@link BpeVocabulary#END_OF_TEXT} last. Memory grows with the number of distinct words, not with the
 * amount of text.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words
 *     with Subword Units, 2015</a>
 */
public final class BpeTrainer {
    /** The size of the smallest vocabulary: the bytes and the special token. */
    private static final int NO_MERGES = 257;

    private final ByteStrings words = new ByteStrings();

    /** The number of occurrences of each word, by its number. */
    private long[] counts = new long[1 << 10];

    /** Creates a trainer without text. */
    public BpeTrainer() {}

    /**
     * Adds text, or a piece of it that was cut at {@link #lastCut}.
     *
     * @param text may be empty
     * @throws IllegalArgumentException if the text has an unpaired surrogate
     * @throws IllegalStateException if the distinct words exceed 1 GiB in total
     */
    public void add(String text) {
        byte[] utf8 = Utf8.encode(text);
        for (int from = 0, to; from < utf8.length; from = to) {
            to = Gpt2Split.end(utf8, from);
            int word = words.add(utf8, from, to);
            if (word == counts.length) {
                counts = Arrays.copyOf(counts, 2 * word);
            }
            counts[word]++;
        }
    }

    /**
     * Returns where text can be cut, knowing only its beginning, such that both parts have the words of the whole.
     *
     * @param beginning the text so far, which does not end inside a character
     * @return the largest index at which a cut is safe whatever text follows; 0 if there is none
     */
    public static int lastCut(String beginning) {
        return Gpt2Split.lastCut(beginning);
    }

    /**
     * Learns a vocabulary from the text added so far.
     *
     * @param vocabSize the number of tokens, at least 257: 256 bytes, the merges, and the special token
     * @return the vocabulary, which is smaller than {@code vocabSize} if no pair is left that occurs twice and is short
     *     enough
     * @throws IllegalArgumentException if {@code vocabSize} is less than 257
     */
    public BpeVocabulary train(int vocabSize) {
        if (vocabSize < NO_MERGES) {
            throw new IllegalArgumentException("tokenizer: vocabSize is " + vocabSize + ", but must be at least "
                    + NO_MERGES + ", for 256 bytes and " + BpeVocabulary.END_OF_TEXT);
        }
        MergeLearner learner = new MergeLearner(
                words, counts, ByteLetters.sortedBytes(), vocabSize - NO_MERGES, BpeVocabulary.MAX_TOKEN_BYTES);
        BpeVocabularyBuilder vocabulary = new BpeVocabularyBuilder();
        for (byte[][] merge : learner.learn()) {
            vocabulary.merge(merge[0], merge[1]);
        }
        int id = 0;
        for (byte[] token : learner.tokens()) {
            vocabulary.token(id++, token);
        }
        return vocabulary.special(id, BpeVocabulary.END_OF_TEXT).build();
    }
}
