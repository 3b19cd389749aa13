package dev.microgpt.cli.page;

import java.util.HexFormat;

/**
 * Builds HTML and SVG. Texts and attribute values are escaped; attributes are given as name, value, name, value, and so
 * on.
 */
public final class Html {
    private static final char CONTROL_PICTURES = '\u2400';
    private static final char PICTURE_OF_DELETE = '\u2421';
    private static final char DELETE = '\u007F';
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder html = new StringBuilder();

    public Html open(String tag, Object... attributes) {
        tag(tag, attributes).append('>');
        return this;
    }

    public Html close(String tag) {
        html.append("</").append(tag).append('>');
        return this;
    }

    /** Appends an element of SVG that has no content. */
    public Html empty(String tag, Object... attributes) {
        tag(tag, attributes).append("/>");
        return this;
    }

    public Html element(String tag, String text, Object... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    public Html text(String text) {
        html.append(escaped(text));
        return this;
    }

    public Html newLine() {
        html.append('\n');
        return this;
    }

    public Html append(Html other) {
        html.append(other.html);
        return this;
    }

    private StringBuilder tag(String tag, Object... attributes) {
        html.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"");
            html.append(escaped(attributes[i + 1].toString())).append('"');
        }
        return html;
    }

    @Override
    public String toString() {
        return html.toString();
    }

    /**
     * Escapes a text for use between tags and in quoted attributes. HTML drops or changes control characters except
     * line feed and tab, so these become control pictures or hexadecimal numbers; halves of surrogate pairs become
     * U+FFFD.
     */
    public static String escaped(String text) {
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
