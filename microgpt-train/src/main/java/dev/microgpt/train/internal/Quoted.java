package dev.microgpt.train.internal;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Foreign text made safe for an error message: on one line, of bounded length, and without control characters, which
 * could manipulate a terminal.
 */
public final class Quoted {

    private static final int MAX_CHARS = 80;

    private Quoted() {}

    /** Returns the text in double quotes. */
    public static String of(String text) {
        return '"' + plain(text) + '"';
    }

    /** Returns a parsed JSON value: a string in quotes, a scalar as it is, and only the kind of an object or a list. */
    public static String value(@Nullable Object value) {
        if (value instanceof String text) {
            return of(text);
        }
        if (value instanceof Map) {
            return "an object";
        }
        return value instanceof List ? "a list" : plain(String.valueOf(value));
    }

    /** Returns the last part of a path, without quotes. */
    public static String fileName(Path file) {
        Path name = file.getFileName();
        return plain(name == null ? file.toString() : name.toString());
    }

    /** Returns the text without quotes, cut off after about 80 characters. */
    public static String plain(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        for (; i < text.length() && out.length() < MAX_CHARS; i++) {
            char c = text.charAt(i);
            if (isHarmless(c)) {
                out.append(c);
            } else {
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        if (i < text.length()) {
            out.append("… (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    private static boolean isHarmless(char c) {
        return switch (Character.getType(c)) {
            // surrogates too: one may be unpaired, in the text itself or because of the cut
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> c != '"' && c != '\\';
        };
    }
}
