package dev.microgpt.model.generate;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import java.util.List;

/**
 * Finds the first stop string in a text that arrives character by character, by a Knuth-Morris-Pratt automaton for each
 * string.
 *
 * @see <a href="https://doi.org/10.1137/0206024">Knuth, Morris and Pratt, Fast Pattern Matching in Strings, 1977</a>
 */
final class StopStrings {
    private final String[] strings;

    /**
     * For each string and prefix length, the length of the longest proper prefix that is also a suffix of that prefix.
     */
    private final int[][] borders;

    /** For each string, the length of the longest prefix with which the text so far ends. */
    private final int[] matched;

    private int found;

    StopStrings(List<String> strings) {
        this.strings = strings.toArray(new String[0]);
        borders = new int[this.strings.length][];
        matched = new int[this.strings.length];
        for (int s = 0; s < borders.length; s++) {
            check(this.strings[s], s);
            borders[s] = borders(this.strings[s]);
        }
    }

    private static void check(String string, int index) {
        if (string.isEmpty()) {
            throw new IllegalArgumentException(
                    "stop string " + index + " is empty; it must have at least one character");
        }
        for (int i = 0; i < string.length(); i++) {
            int codePoint = string.codePointAt(i);
            if (CodePoints.isSurrogate(codePoint)) {
                throw CodePoints.unpaired(codePoint, string, i, "stop string " + index);
            }
            i += Character.charCount(codePoint) - 1;
        }
    }

    private static int[] borders(String string) {
        int[] borders = new int[string.length() + 1];
        int border = 0;
        for (int i = 1; i < string.length(); i++) {
            border = longer(string, borders, border, string.charAt(i));
            borders[i + 1] = border;
        }
        return borders;
    }

    /** Adds the next character of the text, and returns whether a stop string is complete. */
    boolean add(char c) {
        for (int s = 0; s < strings.length; s++) {
            matched[s] = longer(strings[s], borders[s], matched[s], c);
            if (matched[s] == strings[s].length()) {
                found = Math.max(found, matched[s]);
            }
        }
        return found > 0;
    }

    /** Returns the length of the prefix matched after {@code c}, if one of {@code length} was matched before it. */
    private static int longer(String string, int[] borders, int length, char c) {
        int most = length;
        while (most > 0 && string.charAt(most) != c) {
            most = borders[most];
        }
        return string.charAt(most) == c ? most + 1 : most;
    }

    /** {@return the length of the longest complete stop string, 0 if none is complete} */
    int found() {
        return found;
    }

    /** {@return the number of characters at the end of the text that may begin a stop string} */
    int pending() {
        int most = 0;
        for (int length : matched) {
            most = Math.max(most, length);
        }
        return most;
    }
}
