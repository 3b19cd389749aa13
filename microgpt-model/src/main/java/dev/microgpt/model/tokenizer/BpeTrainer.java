package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.ByteStrings;
import dev.microgpt.model.tokenizer.bpe.Gpt2Split;
import dev.microgpt.model.tokenizer.bpe.MergeLearner;
import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.util.Arrays;

/**
 * Learns a byte-level BPE vocabulary from texts.
 *
 * <p>Starting from single bytes it merges, again and again, the pair of neighbouring tokens that occurs most often, of
 * equals the one whose left id is lower, then the one whose right id is lower. Pairs are counted inside the words of
 * GPT-2's split, {@code aaa} as two of {@code aa}. So the same texts give the same vocabulary, in whatever order they
 * come and on every machine; of Hugging Face's trainer too.
 *
 * <p>The ids are those of GPT-2: the 256 bytes in the order of their {@link ByteLetters}, the merges in the order of
 * their ranks, and {@link BpeVocabulary#END_OF_TEXT} last. Memory grows with the words that differ, not with the texts.
 *
 * <p>For one thread.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words
 *     with Subword Units, 2016</a>
 */
public final class BpeTrainer {
    /** The smallest vocabulary: the bytes and the special token. */
    private static final int NO_MERGES = 257;

    private final ByteStrings words = new ByteStrings();

    /** How often each word occurred, by its number. */
    private long[] counts = new long[1 << 10];

    /** Creates a trainer that knows no text yet. */
    public BpeTrainer() {}

    /**
     * Adds a text, or a piece of one that was cut at {@link #lastCut}.
     *
     * @param text may be empty
     * @throws IllegalArgumentException if a surrogate lacks its other half
     * @throws IllegalStateException if the words that differ have more than 1 GiB together
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
     * Returns where a long text, of which only the beginning is there yet, can be cut so that its two parts have the
     * words of the whole.
     *
     * @param beginning the text so far, which does not end inside a character
     * @return the largest index that is known to be such a place whatever follows; 0 if there is none
     */
    public static int lastCut(String beginning) {
        return Gpt2Split.lastCut(beginning);
    }

    /**
     * Learns a vocabulary from the texts added so far. It is smaller than asked for if no pair occurs twice any more.
     *
     * @param vocabSize how many tokens to learn, 257 or more: 256 bytes, the merges, and the special token
     * @return the vocabulary
     * @throws IllegalArgumentException if {@code vocabSize} is less than 257
     */
    public BpeVocabulary train(int vocabSize) {
        if (vocabSize < NO_MERGES) {
            throw new IllegalArgumentException("tokenizer: the vocabulary is to have " + vocabSize
                    + " tokens, but 256 bytes and " + BpeVocabulary.END_OF_TEXT + " are " + NO_MERGES
                    + " already; ask for more");
        }
        MergeLearner learner = new MergeLearner(words, counts, ByteLetters.sortedBytes(), vocabSize - NO_MERGES);
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
