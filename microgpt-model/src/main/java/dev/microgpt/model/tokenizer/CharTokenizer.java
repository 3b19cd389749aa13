package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One token per character of an alphabet, as in microgpt.py: ids 0 … n − 1 are the n characters sorted by code point,
 * and id n is BOS.
 *
 * <p>A character is a Unicode code point: an emoji beyond the basic plane is one token, and a letter followed by a
 * combining accent is two. Text is not normalized, and decoding restores exactly what was encoded.
 */
public final class CharTokenizer implements Tokenizer {
    private static final int UNKNOWN = -1;

    /** The number of characters an error message shows: printable ASCII has 95, English text about 65. */
    private static final int SAMPLE_LENGTH = 80;

    /** The alphabet in ascending order: the code point of each id. */
    private final int[] codePoints;

    /**
     * The id of each code point up to the largest of the alphabet or of the basic plane. Those beyond, which would need
     * a table of up to 4 MB, are searched for in {@link #codePoints}.
     */
    private final int[] idByCodePoint;

    private CharTokenizer(int[] codePoints) {
        this.codePoints = codePoints;
        int largest = codePoints[codePoints.length - 1];
        idByCodePoint = new int[Math.min(largest, Character.MAX_VALUE) + 1];
        Arrays.fill(idByCodePoint, UNKNOWN);
        for (int id = 0; id < codePoints.length && codePoints[id] < idByCodePoint.length; id++) {
            idByCodePoint[codePoints[id]] = id;
        }
    }

    /**
     * Returns a tokenizer for all characters that occur in a set of documents.
     *
     * @param documents texts with at least one character in total
     * @return the tokenizer
     * @throws IllegalArgumentException if the documents have no characters, or an unpaired surrogate
     */
    public static CharTokenizer fromDocuments(Iterable<String> documents) {
        boolean[] ascii = new boolean[128];
        BitSet seen = new BitSet();
        int count = 0;
        for (String document : documents) {
            for (int i = 0; i < document.length(); i++) {
                char c = document.charAt(i);
                if (c < ascii.length) { // nearly all characters: worth a plain array
                    ascii[c] = true;
                    continue;
                }
                int codePoint = document.codePointAt(i);
                if (CodePoints.isSurrogate(codePoint)) {
                    throw CodePoints.unpaired(codePoint, document, i, "document " + count + " (the first is 0)");
                }
                seen.set(codePoint);
                i += Character.charCount(codePoint) - 1;
            }
            count++;
        }
        for (int c = 0; c < ascii.length; c++) {
            seen.set(c, ascii[c]);
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException(
                    "tokenizer: the " + count + " documents have no characters; an" + " alphabet needs at least one");
        }
        int[] codePoints = new int[seen.cardinality()];
        for (int id = 0, next = 0; id < codePoints.length; id++, next++) {
            next = seen.nextSetBit(next);
            codePoints[id] = next;
        }
        return new CharTokenizer(codePoints);
    }

    /**
     * Returns a tokenizer for a stored alphabet.
     *
     * @param alphabet an {@link #alphabet()}: characters in ascending order of code points, each once
     * @return the tokenizer
     * @throws IllegalArgumentException if the alphabet is empty, out of order, or has an unpaired surrogate
     */
    public static CharTokenizer ofAlphabet(String alphabet) {
        if (alphabet.isEmpty()) {
            throw new IllegalArgumentException("tokenizer: the alphabet is empty; it needs at least one character");
        }
        int[] codePoints = alphabet.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            if (CodePoints.isSurrogate(codePoints[i])) {
                throw CodePoints.unpaired(codePoints[i], alphabet, alphabet.offsetByCodePoints(0, i), "the alphabet");
            }
            if (i > 0 && codePoints[i] <= codePoints[i - 1]) {
                throw new IllegalArgumentException(
                        "tokenizer: the alphabet has " + CodePoints.describe(codePoints[i]) + " at index " + i
                                + " after " + CodePoints.describe(codePoints[i - 1])
                                + "; its characters must be in ascending order of code points, each once");
            }
        }
        return new CharTokenizer(codePoints);
    }

    /** {@return the characters in the order of their ids; {@link #ofAlphabet} creates an equal tokenizer from them} */
    public String alphabet() {
        return new String(codePoints, 0, codePoints.length);
    }

    @Override
    public int vocabSize() {
        return codePoints.length + 1;
    }

    @Override
    public int bos() {
        return codePoints.length;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a character is not in the alphabet, or is an unpaired surrogate; the message
     *     gives the index as a number of code points
     */
    @Override
    public int[] encode(String text) {
        int[] ids = new int[text.codePointCount(0, text.length())];
        int position = 0;
        for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            int id = idOf(codePoint);
            if (id < 0) {
                throw CodePoints.isSurrogate(codePoint)
                        ? CodePoints.unpaired(codePoint, text, i, "the text")
                        : unknown(codePoint, position);
            }
            ids[position++] = id;
        }
        return ids;
    }

    @Override
    public String decode(int... ids) {
        StringBuilder text = new StringBuilder(ids.length);
        for (int i = 0; i < ids.length; i++) {
            int id = ids[i];
            if (id < 0 || id >= codePoints.length) {
                throw notText(id, i);
            }
            text.appendCodePoint(codePoints[id]);
        }
        return text.toString();
    }

    @Override
    public byte[] bytes(int id) {
        return id == bos() ? new byte[0] : decode(id).getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the number of tokens and the alphabet, of which at most 80 characters are shown} */
    @Override
    public String toString() {
        return "CharTokenizer[" + vocabSize() + " tokens: " + sample() + "]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharTokenizer chars && Arrays.equals(codePoints, chars.codePoints);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codePoints);
    }

    private IllegalArgumentException notText(int id, int index) {
        return new IllegalArgumentException("tokenizer: id " + id + " at index " + index
                + (id == bos()
                        ? " is BOS, which represents no text; leave it out"
                        : " is not in the vocabulary; the ids of text are 0 … " + (codePoints.length - 1)));
    }

    /** Returns the id of a code point, or a negative number if it is not in the alphabet. */
    private int idOf(int codePoint) {
        if (codePoint < idByCodePoint.length) {
            return idByCodePoint[codePoint];
        }
        return Arrays.binarySearch(codePoints, codePoint);
    }

    /** Returns the first characters of the alphabet in quotes. */
    private String sample() {
        StringBuilder sample = new StringBuilder("\"");
        for (int id = 0; id < Math.min(codePoints.length, SAMPLE_LENGTH); id++) {
            sample.append(CodePoints.visible(codePoints[id]));
        }
        if (codePoints.length > SAMPLE_LENGTH) {
            sample.append('…');
        }
        return sample.append('"').toString();
    }

    private IllegalArgumentException unknown(int codePoint, int position) {
        return new IllegalArgumentException("tokenizer: " + CodePoints.describe(codePoint) + " at index " + position
                + " of the text is not in the alphabet of " + codePoints.length + " characters, " + sample()
                + "; use only characters that were in the training text");
    }
}
