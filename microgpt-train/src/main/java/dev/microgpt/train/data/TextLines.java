package dev.microgpt.train.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of a text, one after another; the end of a file ends its last line. */
final class TextLines {
    private final TextReader reader;

    /** The beginning of a line whose end is in a later piece. */
    private final StringBuilder begun = new StringBuilder();

    private @Nullable String piece = "";
    private int from;
    private String file = "";
    private int number;

    TextLines(TextReader reader) {
        this.reader = reader;
    }

    /** Returns the next line without its line feed, or null after the last. */
    @Nullable
    String next() throws IOException {
        while (piece != null) {
            if (!file.equals(reader.file())) {
                file = reader.file();
                number = 0;
            }
            int end = piece.indexOf('\n', from);
            if (end >= 0) {
                String rest = piece.substring(from, end);
                from = end + 1;
                return line(rest);
            }
            begun.append(piece, from, piece.length());
            from = 0;
            piece = reader.next();
            if (begun.length() > 0 && (piece == null || !file.equals(reader.file()))) {
                return line("");
            }
        }
        return null;
    }

    private String line(String rest) {
        number++;
        if (begun.length() == 0) {
            return rest;
        }
        String line = begun.append(rest).toString();
        begun.setLength(0);
        return line;
    }

    /** Returns the file of the line that {@link #next} returned last. */
    String file() {
        return file;
    }

    /** Returns the number of that line in its file, from 1. */
    int number() {
        return number;
    }
}
