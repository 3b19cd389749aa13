package dev.microgpt.cli.report;

import java.util.HexFormat;

/** Text that a browser shows as it is. */
final class Html {
    private static final char CONTROL_PICTURES = '\u2400';
    private static final char PICTURE_OF_DELETE = '\u2421';
    private static final char DELETE = '\u007F';
    private static final char REPLACEMENT = '\uFFFD';

    private Html() {}

    /**
     * Escapes a text for use between tags and in quoted attributes. Control characters but line feed and tabulator, which
     * HTML drops or changes, are written as pictures or hexadecimal, halves of surrogate pairs as U+FFFD.
     */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + text.length() / 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        appendVisible(out, c);
                    }
                }
            }
        }
        return out.toString();
    }

    private static void appendVisible(StringBuilder out, char c) {
        if (c < ' ') {
            out.append((char) (CONTROL_PICTURES + c));
        } else if (c == DELETE) {
            out.append(PICTURE_OF_DELETE);
        } else if (Character.isISOControl(c)) {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
            out.append(Character.isSurrogate(c) ? REPLACEMENT : c);
        }
    }
}
