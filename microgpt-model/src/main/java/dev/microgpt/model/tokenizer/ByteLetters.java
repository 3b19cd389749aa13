package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.util.Arrays;

/**
 * The characters that represent bytes in GPT-2's files: vocab.json and merges.txt contain tokens that are not valid
 * UTF-8 on their own, and bytes that a text file cannot show.
 *
 * <p>The 188 bytes that are printable in Latin-1 represent themselves; the other 68, in ascending order, are U+0100 …
 * U+0143. So {@code " the"} is written as {@code Ġthe}, and a line feed as {@code Ċ}.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">bytes_to_unicode in GPT-2's encoder.py</a>
 */
public final class ByteLetters {
    private static final int BYTES = 256;
    private static final int UNKNOWN = -1;

    /** The bytes in ascending order of their characters, which is the order of GPT-2's ids 0 … 255. */
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

    // not the space, the no-break space and the soft hyphen, which are invisible in a file
    private static boolean isOwnLetter(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
    }

    /**
     * Returns the characters that represent bytes.
     *
     * @param bytes any bytes; not modified
     * @return one character per byte, none of them white space or a control character
     */
    public static String toLetters(byte[] bytes) {
        char[] letters = new char[bytes.length];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = LETTER_BY_BYTE[Byte.toUnsignedInt(bytes[i])];
        }
        return new String(letters);
    }

    /**
     * Returns the bytes that characters represent.
     *
     * @param letters a result of {@link #toLetters}
     * @return one byte per character
     * @throws IllegalArgumentException if a character represents no byte
     */
    public static byte[] toBytes(String letters) {
        byte[] bytes = new byte[letters.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = letters.charAt(i);
            if (letter >= BYTE_BY_LETTER.length || BYTE_BY_LETTER[letter] == UNKNOWN) {
                throw new IllegalArgumentException("tokenizer: " + CodePoints.describe(letters.codePointAt(i))
                        + " at index " + i + " of a token must be one of the 256 characters that represent bytes in"
                        + " GPT-2's files (a space is 'Ġ'); is it a special token, or a file in another format?");
            }
            bytes[i] = (byte) BYTE_BY_LETTER[letter];
        }
        return bytes;
    }

    /** Returns all bytes in ascending order of their characters; not a copy. */
    static byte[] sortedBytes() {
        return SORTED;
    }
}
