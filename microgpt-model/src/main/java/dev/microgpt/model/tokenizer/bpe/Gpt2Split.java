package dev.microgpt.model.tokenizer.bpe;

/**
 * GPT-2's split of text into words, whose boundaries no token crosses:
 *
 * <pre>{@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * <p>So a word is a contraction; or a run of letters, of numbers, or of other characters, with an optional space before
 * it; or white space, except its last character if a word follows. A scanner instead of java.util.regex: linear for any
 * text, and with the same Unicode tables on every JDK.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2's encoder.py</a>
 */
public final class Gpt2Split {
    private Gpt2Split() {}

    /**
     * Returns the end of a word.
     *
     * @param utf8 valid UTF-8
     * @param from the start of the word: 0, or the end of another word
     * @return the index after the last byte of the word, greater than {@code from}
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
        while ((utf8[last] & 0xC0) == 0x80) { // a continuation byte
            last--;
        }
        return last > from ? last : end;
    }

    /** Returns the number of letters of a contraction after its apostrophe, or 0 if there is none. */
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

    /** Returns the number of bytes of a character, given the first one. */
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
     * Returns the last index at which the split starts a word whatever follows the text.
     *
     * @return an index of the text, or 0 if there is none
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

    // White space may belong to the next word, and is split differently at the end of a text; an apostrophe may start a
    // contraction. No other word mixes kinds.
    private static boolean alwaysPart(int before, int after) {
        byte kindBefore = CodePointKind.of(before);
        byte kindAfter = CodePointKind.of(after);
        return kindBefore != kindAfter
                && kindBefore != CodePointKind.SPACE
                && !(before == '\'' && kindAfter == CodePointKind.LETTER);
    }
}
