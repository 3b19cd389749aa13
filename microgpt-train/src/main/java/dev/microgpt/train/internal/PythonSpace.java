package dev.microgpt.train.internal;

/**
 * White space as Python defines it.
 *
 * @see <a href="https://docs.python.org/3.11/library/stdtypes.html#str.strip">Python's str.strip</a>
 */
public final class PythonSpace {
    private PythonSpace() {}

    /** Removes white space at both ends: Python's {@code text.strip()}. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Python's {@code str.isspace}; no such character lies beyond the basic plane. */
    private static boolean isSpace(char c) {
        return c == ' '
                || (c >= '\t' && c <= '\r')
                || (c >= '\u001C' && c <= '\u001F')
                || (c >= '\u0085' && (c == '\u0085' || Character.isSpaceChar(c)));
    }
}
