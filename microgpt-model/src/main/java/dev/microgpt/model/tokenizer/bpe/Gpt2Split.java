package dev.microgpt.model.tokenizer.bpe;

/**
 * GPT-2's split of a text into words, which tokens do not cross:
 *
 * <pre>{@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * <p>So a word is a contraction, or a run of letters, of numbers or of neither with a space before it, or white
 * space, of which the last character is left over for the word behind it. A scanner rather than java.util.regex:
 * linear for any text, and with the same tables on every JDK.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2's encoder.py</a>
 */
public final class Gpt2Split {
    private Gpt2Split() {}

    /**
     * Returns where a word ends.
     *
     * @param utf8 a text
     * @param from where the word begins: at 0, or at the end of another word
     * @return the index after the word's last byte, more than {@code from}
     */
    public static int end(byte[] utf8, int from) {
        if (utf8[from] == '\'') {
            int length = contraction(utf8, from + 1);
            if (length > 0) {
                return from + 1 + length;
            }
        }
        int first = utf8[from] == ' ' && from + 1 < utf8.length ? from + 1 : from;
        byte kind = kindAt(utf8, first);
        int end = endOfRun(utf8, first, kind);
        if (kind != CodePointKind.SPACE || end == utf8.length) {
            return end;
        }
        int last = end - 1;
        while ((utf8[last] & 0xC0) == 0x80) { // not the first byte of a character
            last--;
        }
        return last > from ? last : end;
    }

    /** Returns the number of letters after an apostrophe that make a contraction with it, or 0. */
    private static int contraction(byte[] utf8, int from) {
        int one = from < utf8.length ? utf8[from] : 0;
        int two = from + 1 < utf8.length ? utf8[from + 1] : 0;
        return switch (one) {
            case 's', 't', 'm', 'd' -> 1;
            case 'r', 'v' -> two == 'e' ? 2 : 0;
            case 'l' -> two == 'l' ? 2 : 0;
            default -> 0;
        };
    }

    private static int endOfRun(byte[] utf8, int from, byte kind) {
        int end = from;
        do {
            end += lengthOf(utf8[end]);
        } while (end < utf8.length && kindAt(utf8, end) == kind);
        return end;
    }

    /** Returns how many bytes a character has that begins with a byte. */
    private static int lengthOf(byte first) {
        if (first >= 0) {
            return 1;
        }
        int high = first & 0xF0;
        return high == 0xF0 ? 4 : high == 0xE0 ? 3 : 2;
    }

    private static byte kindAt(byte[] utf8, int at) {
        int first = utf8[at];
        if (first >= 0) {
            return CodePointKind.of(first);
        }
        int codePoint = switch (lengthOf(utf8[at])) {
            case 2 -> (first & 0x1F) << 6 | utf8[at + 1] & 0x3F;
            case 3 -> (first & 0x0F) << 12 | (utf8[at + 1] & 0x3F) << 6 | utf8[at + 2] & 0x3F;
            default ->
                (first & 0x07) << 18 | (utf8[at + 1] & 0x3F) << 12 | (utf8[at + 2] & 0x3F) << 6 | utf8[at + 3] & 0x3F;
        };
        return CodePointKind.of(codePoint);
    }

    /**
     * Returns the last place of a text at which words end and begin whatever follows the text.
     *
     * @return an index of the text, or 0 if there is no such place
     */
    public static int lastCut(String text) {
        int cut = text.length();
        if (cut == 0) {
            return 0;
        }
        int after = text.codePointBefore(cut);
        cut -= Character.charCount(after);
        while (cut > 0) {
            int before = text.codePointBefore(cut);
            if (alwaysPart(before, after)) {
                return cut;
            }
            cut -= Character.charCount(before);
            after = before;
        }
        return 0;
    }

    // White space may belong to what follows, and is split otherwise at the end of a text; an apostrophe may begin a
    // contraction. No other word holds two kinds.
    private static boolean alwaysPart(int before, int after) {
        byte kindBefore = CodePointKind.of(before);
        byte kindAfter = CodePointKind.of(after);
        return kindBefore != kindAfter
                && kindBefore != CodePointKind.SPACE
                && !(before == '\'' && kindAfter == CodePointKind.LETTER);
    }
}
