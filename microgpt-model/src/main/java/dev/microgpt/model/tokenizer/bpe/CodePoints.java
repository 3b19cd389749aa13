package dev.microgpt.model.tokenizer.bpe;

import java.util.Locale;

/** Shows characters in messages. */
public final class CodePoints {
    private static final int QUOTE_LENGTH = 40;

    private CodePoints() {}

    public static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Returns the exception for an unpaired surrogate. */
    public static IllegalArgumentException unpaired(int surrogate, String text, int charIndex, String where) {
        return new IllegalArgumentException("tokenizer: " + describe(surrogate) + " at index "
                + text.codePointCount(0, charIndex) + " of " + where + " is an unpaired surrogate, but surrogates must"
                + " come in pairs; the text was cut inside a character or decoded incorrectly");
    }

    /** Returns the character, if it is visible, and its code point. */
    public static String describe(int codePoint) {
        String name = String.format(Locale.ROOT, "U+%04X", codePoint);
        if (!isVisible(codePoint)) {
            return name;
        }
        // a combining mark needs a base: the dotted circle of the Unicode charts, not our quotation mark
        return (isMark(codePoint) ? "'◌" : "'") + Character.toString(codePoint) + "' (" + name + ")";
    }

    /** Returns the character, or an escape sequence if it is invisible. */
    public static String visible(int codePoint) {
        return isVisible(codePoint) ? Character.toString(codePoint) : escape(codePoint);
    }

    /** Returns the beginning of a text in quotation marks, on one line. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int end = text.codePointCount(0, text.length()) > QUOTE_LENGTH
                ? text.offsetByCodePoints(0, QUOTE_LENGTH)
                : text.length();
        for (int i = 0, codePoint; i < end; i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            quoted.append(visible(codePoint));
        }
        return quoted.append(end < text.length() ? "…\"" : "\"").toString();
    }

    // other characters would break the line, be invisible, or control the terminal
    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, "\\u{%X}", codePoint);
        };
    }
}
