package dev.microgpt.model.tokenizer.bpe;

import java.util.function.IntPredicate;

/**
 * Writes UnicodeRanges.java from the tables of the JDK that runs it, which must be one of Unicode 16 (24 or 25):
 *
 * <pre>{@code
 * cd microgpt-model/src
 * java test/java/dev/microgpt/model/tokenizer/bpe/UnicodeRangesGenerator.java \
 *     > main/java/dev/microgpt/model/tokenizer/bpe/UnicodeRanges.java
 * }</pre>
 */
final class UnicodeRangesGenerator {
    private static final int LINE_LENGTH = 112;

    private UnicodeRangesGenerator() {}

    public static void main(String[] args) {
        System.out.print("""
                package dev.microgpt.model.tokenizer;

                /**
                 * The letters and the numbers of Unicode 16.0, which the JDK's own tables are from version 24 on only: a text
                 * has the same tokens on every JDK.
                 *
                 * <p>Written by UnicodeRangesGenerator, among the tests; do not edit.
                 */
                final class UnicodeRanges {
                    /** The general categories Lu, Ll, Lt, Lm and Lo: first and last code point of each range, in hexadecimal. */
                    static final String LETTERS = \"""
                """);
        printRanges(Character::isLetter);
        System.out.print("""
                            \""";

                    /** The general categories Nd, Nl and No: first and last code point of each range, in hexadecimal. */
                    static final String NUMBERS = \"""
                """);
        printRanges(UnicodeRangesGenerator::isNumber);
        System.out.print("""
                            \""";

                    private UnicodeRanges() {}
                }
                """);
    }

    static boolean isNumber(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    private static void printRanges(IntPredicate in) {
        StringBuilder line = new StringBuilder();
        for (int first = 0; first <= Character.MAX_CODE_POINT; first++) {
            if (in.test(first)) {
                int last = first;
                while (in.test(last + 1)) {
                    last++;
                }
                String range = Integer.toHexString(first) + "-" + Integer.toHexString(last);
                if (line.length() + 1 + range.length() > LINE_LENGTH - 12) {
                    System.out.println(" ".repeat(12) + line);
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(range);
                first = last;
            }
        }
        System.out.println(" ".repeat(12) + line);
    }
}
