package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePointKind;
import dev.microgpt.model.tokenizer.bpe.JdkKind;
import java.util.Random;

/** Random texts of unusual characters. */
public final class RandomTexts {
    /** The number of texts per test. */
    public static final int COUNT = Boolean.getBoolean("microgpt.test.nightly") ? 10_000 : 1_000;

    /** Pieces that GPT-2's split depends on: contractions, all white space, marks, joiners, scripts, numbers. */
    private static final String[] PIECES = {
        "'s",
        "'t",
        "'re",
        "'ve",
        "'m",
        "'ll",
        "'d",
        "'S",
        "'LL",
        "'",
        "''",
        "’s",
        "it",
        "don",
        " ",
        "  ",
        "   ",
        "\t",
        "\n",
        "\r\n",
        "\u00a0",
        "\u0085",
        "\u2028",
        "\u3000",
        "\u200b",
        "\u1680",
        "\u180e",
        "\u001c",
        "1",
        "23",
        "٣",
        "½",
        "Ⅷ",
        "a",
        "The",
        "naïve",
        "e\u0301",
        "한국어",
        "हिन्दी",
        "العربية",
        "ภาษาไทย",
        "日本語",
        "👩\u200d👧",
        "😀",
        "🇰🇷",
        "!",
        "#",
        "##",
        "...",
        "-",
        "_",
        "^",
        "$",
        "<|endoftext|>",
        "\u0000",
        "\ufeff",
        "\ufffd",
        "𝟙",
        "𐐷",
        "ａ"
    };

    private RandomTexts() {}

    /** Up to 100 code points from ranges of very different size, which cover every encoding length and table. */
    public static String any(Random random) {
        return any(random, 100);
    }

    private static String any(Random random, int most) {
        int[] ends = {0x80, 0x800, 0x10000, 0x20000, Character.MAX_CODE_POINT + 1};
        StringBuilder text = new StringBuilder();
        for (int n = 1 + random.nextInt(most); n > 0; n--) {
            int codePoint = random.nextInt(ends[random.nextInt(ends.length)]);
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate ? 'x' : codePoint);
        }
        return text.toString();
    }

    /** Up to 30 code points, but none whose kind differs between the JDK and our tables. */
    public static String known(Random random) {
        StringBuilder known = new StringBuilder();
        any(random)
                .codePoints()
                .filter(c -> CodePointKind.of(c) == JdkKind.of(c))
                .forEach(known::appendCodePoint);
        return known.toString();
    }

    /** Up to 30 pieces of text of many kinds. */
    public static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(31); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** A word over a small alphabet, in which pairs overlap often. */
    static String word(Random random, int alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(alphabet)));
        }
        return text.toString();
    }
}
