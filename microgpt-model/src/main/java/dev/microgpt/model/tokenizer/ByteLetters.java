package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.util.Arrays;

/**
 * The letters under which GPT-2's files write bytes: vocab.json and merges.txt hold tokens that are not UTF-8 alone,
 * and bytes that a text file cannot show.
 *
 * <p>The 188 bytes that are printable as Latin-1 are their own letters; the other 68, in ascending order, are U+0100 …
 * U+0143. So {@code " the"} is written {@code Ġthe}, and a line feed {@code Ċ}.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">bytes_to_unicode in GPT-2's encoder.py</a>
 */
public final class ByteLetters {
    private static final int BYTES = 256;
    private static final int UNKNOWN = -1;

    /** The bytes in ascending order of their letters, which is the order of GPT-2's ids 0 … 255. */
    private static final byte[] SORTED = new byte[BYTES];

    private static final char[] LETTER_BY_BYTE = new char[BYTES];
    private static final int[] BYTE_BY_LETTER;

    static {
        int sorted = 0;
        for (int b = 0; b < BYTES; b++) {
            if (isOwnLetter(b)) {
                SORTED[sorted++] = (byte) b;
                LETTER_BY_BYTE[b] = (char) b;
            }
        }
        int others = 0;
        for (int b = 0; b < BYTES; b++) {
            if (!isOwnLetter(b)) {
                SORTED[sorted++] = (byte) b;
                LETTER_BY_BYTE[b] = (char) (BYTES + others++);
            }
        }
        BYTE_BY_LETTER = new int[BYTES + others];
        Arrays.fill(BYTE_BY_LETTER, UNKNOWN);
        for (int b = 0; b < BYTES; b++) {
            BYTE_BY_LETTER[LETTER_BY_BYTE[b]] = b;
        }
    }

    private ByteLetters() {}

    // not the space, the no-break space and the soft hyphen, which would vanish in a file
    private static boolean isOwnLetter(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
    }

    /**
     * Returns how the files write some bytes.
     *
     * @param bytes any; not modified
     * @return as many letters, none of them white space or a control character
     */
    public static String toLetters(byte[] bytes) {
        char[] letters = new char[bytes.length];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = LETTER_BY_BYTE[Byte.toUnsignedInt(bytes[i])];
        }
        return new String(letters);
    }

    /**
     * Returns what some letters stand for.
     *
     * @param letters what {@link #toLetters} returns
     * @return as many bytes
     * @throws IllegalArgumentException if a character is not one of the 256 letters
     */
    public static byte[] toBytes(String letters) {
        byte[] bytes = new byte[letters.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = letters.charAt(i);
            if (letter >= BYTE_BY_LETTER.length || BYTE_BY_LETTER[letter] == UNKNOWN) {
                throw new IllegalArgumentException("tokenizer: " + CodePoints.describe(letters.codePointAt(i))
                        + " at index " + i + " of a token is none of the 256 letters that stand for bytes in GPT-2's"
                        + " files (a space is 'Ġ' there); is the token a special one, or the file of another kind?");
            }
            bytes[i] = (byte) BYTE_BY_LETTER[letter];
        }
        return bytes;
    }

    /** Returns all bytes in the order of their letters; not a copy. */
    static byte[] sortedBytes() {
        return SORTED;
    }
}
