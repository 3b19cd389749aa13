package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/** The four kinds of code points that GPT-2's split distinguishes. */
public final class CodePointKind {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;

    /** Unicode's White_Space; Character.isWhitespace lacks the no-break spaces and U+0085. */
    private static final String SPACES =
            "9-d 20-20 85-85 a0-a0 1680-1680 2000-200a 2028-2029 202f-202f 205f-205f 3000-3000";

    /** The kind of each code point, up to the last letter. */
    private static final byte[] KINDS = new byte[0x323B0];

    static {
        fill(UnicodeRanges.LETTERS, LETTER);
        fill(UnicodeRanges.NUMBERS, NUMBER);
        fill(SPACES, SPACE);
    }

    private CodePointKind() {}

    private static void fill(String ranges, byte kind) {
        for (String range : ranges.strip().split("\\s+")) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(range.substring(0, dash), 16);
            int last = Integer.parseInt(range.substring(dash + 1), 16);
            Arrays.fill(KINDS, first, last + 1, kind);
        }
    }

    public static byte of(int codePoint) {
        return codePoint < KINDS.length ? KINDS[codePoint] : OTHER;
    }
}
