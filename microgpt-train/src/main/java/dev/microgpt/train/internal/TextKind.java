package dev.microgpt.train.internal;

import java.nio.charset.StandardCharsets;

/** Recognizes the format or encoding of a file that is not UTF-8 text by its first bytes. */
public final class TextKind {
    /** The number of bytes at the start of a file that are worth passing. */
    public static final int USEFUL_BYTES = 64;

    private static final int BYTES_OF_UTF_32 = 4;

    private TextKind() {}

    /**
     * Returns an error message with the repair, or an empty string if the file may be text.
     *
     * @param start  the first bytes of the file
     * @param length the number of valid bytes in {@code start}
     */
    public static String complaint(byte[] start, int length) {
        String text = new String(start, 0, Math.min(length, USEFUL_BYTES), StandardCharsets.ISO_8859_1);
        String charset = charset(text);
        if (!charset.isEmpty()) {
            return "found what looks like " + charset + ", expected UTF-8 text; convert it with: iconv -f " + charset
                    + " -t UTF-8";
        }
        String kind = packed(text);
        return kind.isEmpty() ? "" : "found what looks like " + kind;
    }

    private static String charset(String text) {
        if (text.startsWith("\u00ff\u00fe\0\0") || hasZerosBut(0, text)) {
            return "UTF-32LE";
        }
        if (text.startsWith("\0\0\u00fe\u00ff") || hasZerosBut(BYTES_OF_UTF_32 - 1, text)) {
            return "UTF-32BE";
        }
        if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
            return "UTF-16"; // with a byte order mark
        }
        if (hasZerosAt(1, text)) {
            return "UTF-16LE";
        }
        return hasZerosAt(0, text) ? "UTF-16BE" : "";
    }

    /** Returns whether every fourth byte is nonzero and all others are zero, as in Latin text. */
    private static boolean hasZerosBut(int place, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 0 == (i % BYTES_OF_UTF_32 == place)) {
                return false;
            }
        }
        return text.length() >= BYTES_OF_UTF_32;
    }

    /** Returns whether most pairs of bytes have a zero at index {@code place}, and none at the other index. */
    private static boolean hasZerosAt(int place, String text) {
        int pairs = text.length() / 2;
        int zeros = 0;
        for (int i = 0; i < 2 * pairs; i++) {
            if (text.charAt(i) == 0) {
                if (i % 2 != place) {
                    return false;
                }
                zeros++;
            }
        }
        return pairs > 1 && 2 * zeros > pairs;
    }

    private static String packed(String text) {
        if (LfsPointer.isIn(text.getBytes(StandardCharsets.ISO_8859_1))) {
            return "a git-lfs pointer, expected UTF-8 text" + LfsPointer.REPAIR;
        }
        if (Pickle.isIn(text.getBytes(StandardCharsets.ISO_8859_1))) {
            return "a Python pickle" + Pickle.REPAIR;
        }
        if (text.startsWith("\u001f\u008b")) {
            return "gzip, expected UTF-8 text; unpack it with: gunzip";
        }
        if (text.startsWith("PK\u0003\u0004")) {
            return "a zip archive, expected UTF-8 text; unpack it with: unzip";
        }
        if (text.startsWith("%PDF-")) {
            return "a PDF, expected UTF-8 text; extract the text with: pdftotext";
        }
        if (text.startsWith("PAR1") && text.length() > 4 && text.charAt(4) < ' ') {
            return "Parquet, expected UTF-8 text; export its text column to a file, one text per line";
        }
        return "";
    }
}
